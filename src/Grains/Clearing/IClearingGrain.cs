using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// The clearing: closes days and accepts settlements, signatures and top-ups, one after another. One grain, key 0. It remembers nothing: its
/// answers are summed from deltas and read from the accounts of the clearing, and two activations of it meet at the fence like any others.
/// </summary>
[Alias("gongji.clearing")]
public interface IClearingGrain : IGrainWithIntegerKey
{
    /// <summary>Closes a day and all days before it, for good. For a day that is already closed, answers with it as it is.</summary>
    Task<Reply<ClearingDayView>> CloseAsync(DateOnly day);

    [AlwaysInterleave]
    Task<Reply<ClearingDayView>> GetDayAsync(DateOnly day);

    /// <summary>What regions should lodge ahead, based on what they had to pay in the last complete months.</summary>
    [AlwaysInterleave]
    Task<Reply<PrepaymentsView>> ProposePrepaymentsAsync();

    /// <summary>Confirms a part of what is outstanding for a closed day.</summary>
    Task<Reply<SettlementView>> SettleAsync(SettleDay command);

    /// <summary>The statement of a month, <c>YYYY-MM</c>, over its closed days.</summary>
    [AlwaysInterleave]
    Task<Reply<StatementView>> GetStatementAsync(string month);

    /// <summary>Signs a month's statement for a province. If the province has already signed, answers with the statement as it is.</summary>
    Task<Reply<StatementView>> SignAsync(string month, int province);

    /// <summary>
    /// Raises a region's prepayment, which is in force on every silo when this returns. While it waits for that, other top-ups, closings and settlements proceed.
    /// </summary>
    [AlwaysInterleave]
    Task<Reply<TopUpView>> TopUpAsync(TopUpRegion command);
}

/// <summary>Statistics of any days, from deltas. Key 0; every silo answers by itself.</summary>
[Alias("gongji.statistics")]
public interface IStatisticsGrain : IGrainWithIntegerKey
{
    /// <summary>The table of the clearing days from one day to another, both included.</summary>
    Task<Reply<StatisticsView>> GetAsync(DateOnly first, DateOnly last);
}
