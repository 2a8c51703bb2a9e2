using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private static readonly DateOnly Day = BusinessTime.DayOf(Book.Noon);

    [Fact]
    public async Task Region_day_has_every_movement_by_id_and_adds_up_to_the_deltas()
    {
        await WriteDayAsync();

        List<Movement> suzhou = await MovementsAsync(Book.Suzhou);
        List<Movement> zhengzhou = await MovementsAsync(Book.Zhengzhou);

        Assert.Equal(41, suzhou.Count);
        Assert.Equal(suzhou.OrderBy(line => line.Id), suzhou);
        Assert.Equal(suzhou.Where(line => line.Key.To == Book.Zhengzhou), zhengzhou);
        Assert.Equal(21, zhengzhou.Count);
        foreach ((RegionCode region, List<Movement> lines) in new[] { (Book.Suzhou, suzhou), (Book.Zhengzhou, zhengzhou) })
        {
            await using RegionDay day = await RegionDay.OpenAsync(_store, region, Day, default);
            Assert.Equal(
                await day.DeltasAsync(default).ToDictionaryAsync(delta => delta.Key, delta => delta.Value.AmountFen),
                lines.GroupBy(line => line.Key).ToDictionary(group => group.Key, group => group.Sum(line => line.AmountFen)));
        }

        await using RegionDay other = await RegionDay.OpenAsync(_store, Book.Suzhou, Day.AddDays(1), default);
        Assert.Empty(await other.MovementsAsync(default).ToListAsync());
        Assert.Empty(await MovementsAsync(RegionCode.Parse("110000")));
    }

    [Fact]
    public async Task Comparison_of_the_same_lines_in_any_order_finds_nothing()
    {
        await WriteDayAsync();
        List<Movement> lines = await MovementsAsync(Book.Suzhou);

        ReconciliationReport report = await CompareAsync(lines.OrderByDescending(line => line.AmountFen).Select(line => (line.Id, line.AmountFen)));

        Assert.Equal(report.Ours, report.Theirs);
        Assert.Equal(41, report.Ours.Count);
        Assert.Equal(default, report.OnlyOurs + report.OnlyTheirs + report.AmountDiffers);
        Assert.Empty(report.Breaks);
        Assert.Equal(3, report.Pairs.Count);
        Assert.All(report.Pairs, pair => Assert.Equal(pair.Ledger.AmountFen, pair.Lines.AmountFen));
    }

    /// <summary>Many payments made at a second attempt, so that their operations sort differently from their ids.</summary>
    [Fact]
    public async Task Payments_that_were_made_at_a_second_attempt_are_lines_of_their_own_ids_in_the_order_of_these()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book payer = new("payer");
        Book relative = new("relative");
        await chain.CommitAsync(payer.Register(), relative.Register(), payer.Credit(100_000));
        List<Guid> payments = [];
        for (int i = 0; i < 30; i++)
        {
            Guid payment = Guid.NewGuid();
            Guid attempt = PersonRules.AttemptId(payment, 1);
            payments.Add(payment);

            // Some payments are opened and made in one batch, which is one row in PostgreSQL; some are a single entry.
            if (i % 3 == 0)
            {
                await chain.CommitAsync(payer.Pay(attempt, payment, 10 + i));
                continue;
            }

            await chain.CommitAsync(payer.OpenPayment(payment, payment, 10 + i));
            await chain.CommitAsync(payer.AbandonPayment(payment, 10 + i));
            Entry[] opened = [payer.OpenPayment(attempt, payment, 10 + i), relative.HoldDraw(attempt, 0, 0)];
            Entry[] made = [payer.MakePayment(attempt, payment, 10 + i), relative.PostDraw(attempt, 0, 0)];
            foreach (Entry[] batch in i % 3 == 1 ? [[.. opened, .. made]] : new[] { opened, made })
            {
                await chain.CommitAsync(batch);
            }
        }

        List<Movement> lines = [.. (await MovementsAsync(Book.Suzhou)).Where(line => line.Key.Activity == Activity.Payment)];
        Assert.Equal(payments.Order(), lines.Select(line => line.Id));

        ReconciliationReport report = await CompareAsync((await MovementsAsync(Book.Suzhou)).OrderBy(line => line.AmountFen).Select(line => (line.Id, line.AmountFen)));
        Assert.Equal(31, report.Ours.Count);
        Assert.Equal(default, report.OnlyOurs + report.OnlyTheirs + report.AmountDiffers);
    }

    [Fact]
    public async Task Comparison_finds_exactly_what_is_missing_extra_and_changed()
    {
        await WriteDayAsync();
        List<Movement> lines = await MovementsAsync(Book.Suzhou);
        Guid extra = Book.Id(0x7000);

        ReconciliationReport report = await CompareAsync(
            lines.Where((_, i) => i != 5).Select((line, i) => (line.Id, i == 20 ? line.AmountFen + 1 : line.AmountFen)).Append((extra, 9)));

        Guid changed = lines.Where((_, i) => i != 5).ElementAt(20).Id;
        Assert.Equal((new DeltaSum(1, lines[5].AmountFen), new DeltaSum(1, 9), new DeltaSum(1, -1)), (report.OnlyOurs, report.OnlyTheirs, report.AmountDiffers));
        Assert.Equal(new[] { lines[5].Id, extra, changed }.Order(), report.Breaks.Select(item => item.Id));
        LineBreak only = report.Breaks.Single(item => item.TheirsFen is null);
        Assert.Equal((lines[5], lines[5].AmountFen), (only.Line!.Value, only.OursFen));
    }

    [Fact]
    public async Task Comparison_names_breaks_a_page_at_a_time()
    {
        await WriteDayAsync();
        List<Movement> lines = await MovementsAsync(Book.Suzhou);
        List<Guid> named = [];
        Guid? next = Guid.Empty;
        while (next is { } after)
        {
            ReconciliationReport page = await CompareAsync([], after, limit: 10);
            Assert.Equal(41, page.OnlyOurs.Count);
            named.AddRange(page.Breaks.Select(item => item.Id));
            next = page.Next;
        }

        Assert.Equal(lines.Select(line => line.Id), named);
        Assert.Empty((await CompareAsync([], limit: 0)).Breaks);
    }

    [Fact]
    public async Task Uploaded_lines_of_one_id_are_one_sum_and_leave_nothing_behind()
    {
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "gongji-reconciliation-*");
        using (UploadedLines lines = await UploadedLines.OpenAsync(default))
        {
            for (int i = 0; i < 10_000; i++)
            {
                Assert.True(await lines.TryAddAsync(Book.Id(9_999 - i % 5_000), i % 5_000, default));
            }

            Assert.False(await lines.TryAddAsync(Book.Id(1), long.MaxValue, default));
            List<(Guid Id, long AmountFen, long Lines)> sums = await lines.ByIdAsync(default).ToListAsync();
            Assert.Equal(5_000, sums.Count);
            Assert.Equal(sums.OrderBy(line => line.Id), sums);
            Assert.All(sums, line => Assert.Equal(2, line.Lines));
            Assert.Equal(lines.AmountFen, sums.Sum(line => line.AmountFen));
        }

        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "gongji-reconciliation-*").Except(before));
    }

    /// <summary>Writes twenty credits, twenty transfers to Zhengzhou, a move there, and entries that are no movements of this day.</summary>
    private async Task WriteDayAsync()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book payer = new("payer");
        Book payee = new("payee");
        Book mover = new("mover");
        await chain.CommitAsync(payer.Register(), payee.Register());
        for (int i = 0; i < 20; i++)
        {
            Guid transfer = Guid.NewGuid();
            await chain.CommitAsync(payer.Credit(1_000 + i), payer.Hold(transfer, 900 + i), payee.Receive(transfer, "payer", 900 + i), payer.Post(transfer, 900 + i));
        }

        await chain.CommitAsync(payer.Move(), mover.Register(), mover.Move());
        await chain.CommitAsync(payer.Hold(Book.Id(77), 1, heldAt: Book.Noon.AddDays(1)));
    }

    private async Task<List<Movement>> MovementsAsync(RegionCode region)
    {
        await using RegionDay day = await RegionDay.OpenAsync(_store, region, Day, default);
        return await day.MovementsAsync(default).ToListAsync();
    }

    private async Task<ReconciliationReport> CompareAsync(IEnumerable<(Guid Id, long AmountFen)> theirs, Guid after = default, int limit = 1_000)
    {
        using UploadedLines lines = await UploadedLines.OpenAsync(default);
        foreach ((Guid id, long amountFen) in theirs)
        {
            Assert.True(await lines.TryAddAsync(id, amountFen, default));
        }

        await using RegionDay day = await RegionDay.OpenAsync(_store, Book.Suzhou, Day, default);
        return await Reconciler.CompareAsync(day, lines, after, limit, default);
    }
}
