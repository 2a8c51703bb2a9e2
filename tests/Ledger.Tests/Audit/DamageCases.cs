using Gongji.Ledger.Audit;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>Kinds of damage, each with exactly the invariants that the audit must report as violated.</summary>
internal static partial class DamageCases
{
    private const string Conservation = "conservation";
    private const string Continuity = "account-continuity";
    private const string Pockets = "pockets";
    private const string Outcomes = "transfer-outcomes";
    private const string Regions = "region-deltas";
    private const string Limits = "limits";
    private const string Chain = "hash-chain";

    public static IReadOnlyDictionary<string, (string Violated, Action<Damage> Do)> All { get; } = new Dictionary<string, (string, Action<Damage>)>
    {
        // 2: continuity
        ["a balance in the middle is changed"] = (Continuity, damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { Balances = entry.Balances with { PersonalFen = 300_001 } })),
        ["a last balance is changed"] = (Join(Conservation, Continuity, Regions), damage => damage.Change(Story.Declined, Leg.Opening, entry => entry with { Balances = entry.Balances with { WalletFen = 1 } })),
        ["an entry is dropped"] = (Join(Conservation, Continuity, Regions), damage => damage.Entries.Remove(damage.Of(Story.FirstCredit))),
        ["two versions are swapped"] = (Continuity, SwapVersions),
        ["time runs back"] = (Continuity, damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { At = entry.At.AddMilliseconds(-1) })),
        ["a time is no whole millisecond"] = (Continuity, damage => damage.Change(Story.Returned, Leg.Outcome, entry => entry with { At = entry.At.AddTicks(1) })),
        ["a time is beyond reckoning"] = (Continuity, damage => damage.ChangeByAccount(damage.Of("mother", EntryKind.Moved), entry => entry with { At = DateTimeOffset.MaxValue })),
        ["an account lacks its registration"] = (Join(Continuity, Regions, Limits), damage => damage.Remove(damage.Of("father", EntryKind.Registered))),
        ["an account is registered twice"] = (Join(Continuity), damage => damage.Add(damage.Of("father", EntryKind.Registered) with { Operation = Id(900) })),
        ["a wallet is opened twice"] = (Join(Continuity), damage => damage.Add(damage.Of("father", EntryKind.WalletOpened) with { Operation = Id(900) })),
        ["an entry has another leg"] = (Join(Continuity, Outcomes), damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { Leg = Leg.Outcome, Operation = Id(900) })),
        ["an entry has an unknown kind"] = (Join(Conservation, Continuity, Regions), damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { Kind = (EntryKind)77, Detail = null })),
        ["an entry lacks its detail"] = (Join(Conservation, Continuity, Regions), damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { Detail = null })),
        ["a credit fills the wallet"] = (Join(Conservation, Continuity, Regions), damage => damage.Forge(Story.FirstCredit, Leg.Opening, entry => entry with { Amounts = new(300_000, 7, 0, 0) })),

        // 3: pockets
        ["a pocket is overdrawn"] = (Pockets, damage => damage.Remove(damage.Of(Id(103)))),
        ["held money is not in a hold"] = (Join(Conservation, Continuity, Pockets, Regions), damage => damage.Forge(Story.FirstCredit, Leg.Opening, entry => entry with { Amounts = new(300_000, 0, 5, 0) })),
        ["a quota that nobody granted"] = (Join(Conservation, Continuity, Pockets, Regions), damage => damage.Forge(Story.FirstCredit, Leg.Opening, entry => entry with { Amounts = new(300_000, 0, 0, 5) })),

        // 4: transfers
        ["a transfer is received and declined"] = (Outcomes, damage => damage.Add(damage.Of(Story.Settled, Leg.Answer) with { Kind = EntryKind.Decline, Amounts = default, Detail = new EndTerms(EndReason.Returned) })),
        ["a receipt is there twice"] = (Join(Conservation, Outcomes, Regions), damage => damage.Add(damage.Of(Story.Settled, Leg.Answer) with { At = Noon })),
        ["an outcome is there twice"] = (Join(Pockets, Outcomes), damage => damage.Add(damage.Of(Story.Rejected, Leg.Outcome))),
        ["an outcome has no hold"] = (Join(Pockets, Outcomes), damage => damage.Remove(damage.Of(Story.Settled))),
        ["an outcome has no answer"] = (Join(Conservation, Outcomes, Regions), damage => damage.Remove(damage.Of(Story.Automatic, Leg.Answer))),
        ["a receipt has no hold"] = (Join(Outcomes), damage => { damage.Remove(damage.Of(Story.Settled)); damage.Remove(damage.Of(Story.Settled, Leg.Outcome)); }),
        ["more is received than was held"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.Settled, Leg.Answer, entry => entry with { Amounts = new(0, 80_001, 0, 0) })),
        ["less is posted than was held"] = (Join(Conservation, Pockets, Outcomes, Regions), damage => damage.Forge(Story.Settled, Leg.Outcome, entry => entry with { Amounts = new(0, 0, -79_999, 0) })),
        ["a void gives back to the other pocket"] = (Outcomes, damage => damage.Forge(Story.Rejected, Leg.Outcome, entry => entry with { Amounts = new(0, 10_000, -10_000, 0) })),
        ["someone else receives"] = (Outcomes, damage => damage.Forge(Story.Automatic, Leg.Answer, entry => entry with { Account = "mother", Detail = new ReceiveTerms("daughter", Suzhou, Suzhou) })),
        ["a void ends a received transfer"] = (Join(Conservation, Outcomes, Regions), damage => damage.Forge(Story.Settled, Leg.Outcome, entry => entry with { Kind = EntryKind.Void, Amounts = new(80_000, 0, -80_000, 0), Detail = new EndTerms(EndReason.Cancelled) })),
        ["a void gives another reason"] = (Outcomes, damage => damage.Change(Story.Rejected, Leg.Outcome, entry => entry with { Detail = new EndTerms(EndReason.Cancelled) })),
        ["a receipt is late"] = (Outcomes, damage => damage.Change(Story.InTransit, Leg.Answer, entry => entry with { At = At("2026-03-03 06:00:00") })),
        ["a receipt names another payer"] = (Outcomes, damage => damage.Change(Story.Settled, Leg.Answer, entry => entry with { Detail = new ReceiveTerms("mother", Suzhou, Zhengzhou) })),
        ["a move takes open holds along"] = (Join(Outcomes), damage => damage.Add(damage.Of("son", EntryKind.Moved) with { Operation = Id(900), Detail = new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Active, Nanjing) })),
        ["an open hold is not in the index"] = (Outcomes, damage => damage.Image.HoldIndex.RemoveAll(hold => hold.Operation == Story.Waiting)),
        ["the index has a hold that is not open"] = (Outcomes, damage => damage.Image.HoldIndex.Insert(0, new OpenTransfer(Story.Settled, Leg.Opening, "daughter", Noon, Noon, false))),
        ["the index has another expiry"] = (Outcomes, damage => damage.Image.HoldIndex[0] = damage.Image.HoldIndex[0] with { ExpiresAt = Noon }),
        ["a hold is not found by its operation"] = (Outcomes, damage => damage.Image.ByOperation.RemoveAll(entry => entry.Operation == Story.Returned)),
        ["a credit is there twice"] = (Outcomes, damage => damage.Add(damage.Of(Story.FirstCredit))),
        ["a credit is there twice on two accounts"] = (Outcomes, damage => damage.Add(damage.Of(Story.FirstCredit) with { Account = "son", Detail = new CreditTerms(Nanjing, "2026-03") })),
        ["a credit has the id of a transfer"] = (Outcomes, damage => damage.Add(damage.Of(Story.FirstCredit) with { Operation = Story.Settled })),
        ["the order by operation is broken"] = (Outcomes, damage => damage.Image.ByOperation.Reverse(0, 6)),

        // 5: regions
        ["a receipt is owed to another region"] = (Regions, damage => damage.Change(Story.Settled, Leg.Answer, entry => entry with { Detail = new ReceiveTerms("daughter", Suzhou, Nanjing) })),
        ["a credit came in at another region"] = (Regions, damage => damage.Change(Story.FirstCredit, Leg.Opening, entry => entry with { Detail = new CreditTerms(Nanjing, "2026-03") })),
        ["a move began elsewhere"] = (Regions, damage => damage.Change(damage.Of("son", EntryKind.Moved), entry => entry with { Detail = new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active, Suzhou) })),
        ["a delta is one fen off"] = (Regions, damage => damage.Image.Deltas[CreditKey] += new DeltaSum(0, 1)),
        ["a delta counts one more"] = (Regions, damage => damage.Image.Deltas[CreditKey] += new DeltaSum(1, 0)),
        ["a delta is missing"] = (Regions, damage => damage.Image.Deltas.Remove(CreditKey)),
        ["a delta is of nothing"] = (Regions, damage => damage.Image.Deltas.Add(CreditKey with { To = RegionCode.Parse("440300") }, new DeltaSum(1, 1))),
        ["a region owes more than its cap"] = (Regions, damage => damage.Image.CapsFen[Suzhou] = 50_000),

        // 6: limits
        ["more is held than was allowed"] = (Limits, damage => damage.ChangeLimits(Story.Settled, limits => limits with { MaxFen = 79_999 })),
        ["one transfer too many of a day"] = (Limits, damage => damage.ChangeLimits(Story.Automatic, limits => limits with { PerDay = 2 })),
        ["held in closed hours"] = (Limits, damage => damage.ChangeLimits(Story.Settled, limits => limits with { ClosedFrom = 12 * 60, ClosedUntil = 13 * 60 })),
        ["closed hours are no hours"] = (Limits, damage => damage.ChangeLimits(Story.Settled, limits => limits with { ClosedFrom = -1 })),
        ["a kinship was not allowed"] = (Limits, damage => damage.ChangeLimits(Story.Settled, limits => limits with { Kinships = Kinships.Spouse })),
        ["a tier was not live"] = (Limits, damage => damage.ChangeLimits(Story.Settled, limits => limits with { Live = LiveTiers.SameRegion | LiveTiers.InProvince })),
        ["a hold expires at another time"] = (Limits, damage => damage.ChangeTerms(Story.Automatic, terms => terms with { ExpiresAt = terms.ExpiresAt.AddDays(1) })),
        ["a second transfer while one waits"] = (Limits, damage => HoldAgain(damage, autoAccept: false)),
        ["a second transfer that waits for nobody while one waits"] = (Limits, damage => HoldAgain(damage, autoAccept: true)),
        ["a transfer to oneself"] = (Join(Outcomes, Limits), damage => damage.ChangeTerms(Story.Rejected, terms => terms with { Payee = "daughter" })),
        ["a hold in another region"] = (Join(Outcomes, Limits), damage => damage.ChangeTerms(Story.Settled, terms => terms with { PayerRegion = Nanjing })),
        ["personal money of a resident"] = (Limits, damage => damage.Change(damage.Of("daughter", EntryKind.Registered), entry => entry with { Detail = new Registration(Suzhou, Insurance.Resident, InsuranceStatus.Active) })),
        ["the payer's wallet was not open"] = (Limits, damage => damage.Remove(damage.Of("daughter", EntryKind.WalletOpened))),
        ["received while not insured"] = (Limits, damage => damage.Change(damage.Of("father", EntryKind.Registered), entry => entry with { Detail = new Registration(Zhengzhou, Insurance.Resident, InsuranceStatus.Stopped) })),

        // 7: hash chain
        ["a stored amount is changed"] = (Chain, damage => damage.ChangeStored(1, (entry, detail) => (entry with { Balances = entry.Balances with { QuotaFen = 7 } }, detail))),
        ["a stored detail is changed"] = (Chain, damage => damage.ChangeStored(1, (entry, detail) => (entry, [.. detail!, (byte)' ']))),
        ["entries of a batch change places"] = (Chain, damage => damage.ChangeBatch(1, batch => batch with { Entries = [.. Enumerable.Reverse(batch.Entries)] })),
        ["a hash is changed"] = (Chain, damage => damage.ChangeBatch(1, batch => batch with { Hash = new byte[32] })),
        ["a previous hash is changed"] = (Chain, damage => damage.ChangeBatch(1, batch => batch with { PreviousHash = new byte[32] })),
        ["a batch is missing"] = (Join(Regions, Chain), damage => damage.Image.Batches.RemoveAt(FirstCreditBatch(damage))),
        ["a chain is missing"] = (Join(Regions, Chain), damage => damage.Image.Batches.RemoveAll(batch => batch.Chain == damage.Image.Batches[0].Chain)),
        ["a batch is there twice"] = (Join(Regions, Chain), damage => damage.Image.Batches.Insert(FirstCreditBatch(damage), damage.Image.Batches[FirstCreditBatch(damage)])),
        ["a batch counts another number of entries"] = (Chain, damage => damage.ChangeBatch(1, batch => batch with { EntryCount = 9 })),
        ["a chain begins anew under another number"] = (Chain, damage => damage.ChangeBatch(damage.Image.Batches.Count - 1, batch => batch with { Chain = 99 })),
        ["an entry is in no batch"] = (Chain, damage => damage.Image.ByAccount.Add(damage.Of("father", EntryKind.Registered) with { Account = "zoe" })),
    }.Concat(OfPayments).ToDictionary();

    private static DeltaKey CreditKey => new(Activity.Credit, Tier.SameRegion, BusinessTime.DayOf(Noon), RegionCode.Outside, Suzhou);

    /// <summary>Adds a second transfer to a recipient who has not answered the first, right after the first one. Nothing else is wrong with it.</summary>
    private static void HoldAgain(Damage damage, bool autoAccept)
    {
        Entry waiting = damage.Of(Story.Waiting);
        damage.Entries.Insert(damage.IndexOf(Story.Waiting) + 1, waiting with { Operation = Id(900), Detail = ((HoldTerms)waiting.Detail!) with { AutoAccept = autoAccept } });
        damage.AddUp();
    }

    private static int FirstCreditBatch(Damage damage) =>
        damage.Image.Batches.FindIndex(batch => batch.Entries.Any(pair => pair.Entry.Operation == Story.FirstCredit));

    private static void SwapVersions(Damage damage)
    {
        Entry one = damage.Of(Story.FirstCredit);
        Entry other = damage.Of(Id(102));
        damage.Change(one, entry => entry with { Version = other.Version });
        damage.Change(other, entry => entry with { Version = one.Version });
    }

    private static string Join(params string[] names) => string.Join(", ", names);
}
