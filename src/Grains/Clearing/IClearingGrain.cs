using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// The clearing: closes days, takes settlements, signatures and top-ups in, one after another. One grain, key 0. It remembers nothing: what it
/// says is summed from deltas and read from the accounts of the clearing, and two activations of it meet at the fence like any others.
/// </summary>
[Alias("gongji.clearing")]
public interface IClearingGrain : IGrainWithIntegerKey
{
    /// <summary>Closes a day with all before it, for good. A day that is closed is answered as it is.</summary>
    Task<Reply<ClearingDayView>> CloseAsync(DateOnly day);

    [AlwaysInterleave]
    Task<Reply<ClearingDayView>> GetDayAsync(DateOnly day);

    /// <summary>What regions should lodge ahead, by what they had to pay in the last complete months.</summary>
    [AlwaysInterleave]
    Task<Reply<PrepaymentsView>> ProposePrepaymentsAsync();

    /// <summary>Confirms a part of what is outstanding for a closed day.</summary>
    Task<Reply<SettlementView>> SettleAsync(SettleDay command);

    /// <summary>The statement of a month, <c>YYYY-MM</c>, over its closed days.</summary>
    [AlwaysInterleave]
    Task<Reply<StatementView>> GetStatementAsync(string month);

    /// <summary>Signs a month's statement for a province. One that has signed is answered with the statement as it is.</summary>
    Task<Reply<StatementView>> SignAsync(string month, int province);

    /// <summary>
    /// Raises a region's prepayment; in force on every silo when this returns. While it waits for that, other top-ups, closings and settlements go on.
    /// </summary>
    [AlwaysInterleave]
    Task<Reply<TopUpView>> TopUpAsync(TopUpRegion command);
}

/// <summary>Statistics of any days, from deltas. Key 0; every silo answers by itself.</summary>
[Alias("gongji.statistics")]
public interface IStatisticsGrain : IGrainWithIntegerKey
{
    /// <summary>The table of the clearing days from one to another, both included.</summary>
    Task<Reply<StatisticsView>> GetAsync(DateOnly first, DateOnly last);
}
