using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.LoadTest;

/// <summary>
/// Transfers that nobody accepted, with their own givers and recipients; each giver has some holds of a past day. The entries are those that the rules would decide, in
/// batches of a normal chain, so the audit of the ledger passes.
/// </summary>
/// <param name="store">The ledger.</param>
/// <param name="count">The number of holds.</param>
/// <param name="population">The persons whose names must not be used.</param>
internal sealed class DueHolds(ILedgerStore store, int count, Population population)
{
    private const string Writer = "bench-due-holds";
    private const int HoldsPerGiver = 10;
    private const int EntriesPerPerson = 3;

    /// <summary>The number of givers; as many recipients are numbered after them.</summary>
    private int Givers => (count + HoldsPerGiver - 1) / HoldsPerGiver;

    /// <summary>Writes the holds.</summary>
    /// <param name="heldAt">When the transfers were requested.</param>
    /// <param name="progress">Receives the number of holds written.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    public async Task PrepareAsync(DateTimeOffset heldAt, IProgress<int> progress, CancellationToken cancellationToken)
    {
        heldAt = BusinessTime.ToMilliseconds(heldAt);
        int chain = await store.OpenChainAsync(Writer, 0, heldAt, cancellationToken);
        ChainHead head = new(chain, 0, HashChain.Genesis(chain));
        Chance chance = new(6);
        List<EncodedEntry> entries = [];
        for (int giver = 0; giver < Givers; giver++)
        {
            AddPerson(entries, Recipient(giver), chance, heldAt);
            PersonState state = AddPerson(entries, Giver(giver), chance, heldAt);
            for (int hold = 0; hold < HoldsPerGiver && giver * HoldsPerGiver + hold < count; hold++)
            {
                int recipient = Recipient((giver + hold) % Givers);
                TransferOrder order = new(chance.NextId(heldAt), state.Person, Population.NameOf(recipient), TransferSource.Personal, BenchLimits.AmountFen, Kinship.Parent);
                PayeeStanding payee = new(Population.RegionOf(recipient), Insured: true, WalletOpen: true, AutoAccept: false);
                RegionRules payerRules = RegionSetup.RulesOf(Population.RegionOf(Giver(giver)));
                Preparation.Append(entries, state, PersonRules.Hold(state, order, payee, payerRules, RegionSetup.RulesOf(payee.Region), heldAt));
            }

            if (entries.Count > BenchLimits.PreparedEntriesPerBatch - HoldsPerGiver - 2 * EntriesPerPerson || giver == Givers - 1)
            {
                head = await Preparation.CommitAsync(store, head, entries, heldAt, cancellationToken);
                entries = [];
                progress.Report(Math.Min(count, (giver + 1) * HoldsPerGiver));
            }
        }
    }

    private int Giver(int number) => population.TotalCount + number;

    private int Recipient(int number) => population.TotalCount + Givers + number;

    private static PersonState AddPerson(List<EncodedEntry> entries, int person, Chance chance, DateTimeOffset at) =>
        Preparation.AddPerson(entries, person, acceptsAutomatically: false, chance, at);
}
