using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>Inside a silo an account is called from the turns of many grains and from outside any turn, on as many threads at once, alongside messages to its own grain.</summary>
public sealed class ManyThreadsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Transfers = 6_000;
    private const int Givers = 8;
    private const long CreditedFen = 10_000_000;

    [Fact]
    public async Task Every_fen_is_where_the_answers_say()
    {
        string[] givers = await Task.WhenAll(Enumerable.Range(0, Givers).Select(_ => silo.EmployeeAsync(CreditedFen)));
        string[] recipients = [await silo.ResidentAsync(autoAccept: true), await silo.ResidentAsync(autoAccept: true)];
        long[] sentFen = new long[Givers];
        long receivedFen = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, Transfers), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
        {
            int giver = number % Givers;
            CreateTransfer transfer = SiloFixture.Transfer(givers[giver], recipients[number / Givers % 2], 1 + (number % 97));
            Task<Reply<TransferView>> repeat = silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);
            Task<Reply<CreditView>> credit = silo.Persons.CallAsync(
                givers[giver], new CreditPerson(Guid.CreateVersion7(), 1, "2024-12"), static (giver, credit) => giver.CreditAsync(credit));
            Task<Reply<PersonView>> looked = silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).GetAsync();
            Reply<TransferView> first = await silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);

            Assert.Equal((TransferStatus.Settled, null), (first.Value?.Status, first.Detail));
            Assert.Equal(TransferStatus.Settled, (await repeat).Value?.Status);
            Assert.False((await credit).IsRefused);
            Assert.False((await looked).IsRefused);
            Interlocked.Add(ref sentFen[giver], transfer.AmountFen);
            Interlocked.Add(ref receivedFen, transfer.AmountFen);
        });

        PersonView[] after = await Task.WhenAll(givers.Select(silo.ViewAsync));
        Assert.Equal(sentFen.Select(sent => CreditedFen + (Transfers / Givers) - sent), after.Select(giver => giver.PersonalFen));
        Assert.All(after, giver => Assert.Equal(0, giver.HeldFen));
        Assert.Equal(receivedFen, (await Task.WhenAll(recipients.Select(silo.ViewAsync))).Sum(recipient => recipient.WalletFen));
        await silo.AssertAuditAsync();
    }
}
