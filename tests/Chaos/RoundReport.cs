using Gongji.Chaos.Stores;

namespace Gongji.Chaos;

/// <summary>The result of one round.</summary>
internal sealed record RoundReport(int Number, StoreKind Store, string Fault)
{
    /// <summary>The number of the round's commands that were answered, including refusals.</summary>
    public int Answered { get; init; }

    /// <summary>The number of requests without an answer or with an unknown outcome.</summary>
    public int Unknown { get; init; }

    /// <summary>The number of requests that were told that nothing was decided.</summary>
    public int Undecided { get; init; }

    /// <summary>The time from the end of the fault until the product was ready and did what it was asked.</summary>
    public TimeSpan Recovered { get; init; }

    /// <summary>How often the product said that it was not ready.</summary>
    public long NotReady { get; init; }

    /// <summary>The sum of all balances, in fen.</summary>
    public long SumFen { get; init; }

    /// <summary>The last line of the audit.</summary>
    public string Audit { get; init; } = string.Empty;

    /// <summary>The number of entries in the ledger.</summary>
    public long Entries { get; init; }

    public int Deviations { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Number,4}  {Store.ToString().ToLowerInvariant(),-8}  {Fault,-19}  answered {Answered,5}  unknown {Unknown,4}  503 {Undecided,4}  not ready {NotReady,4} times  recovered in {Recovered.TotalMilliseconds,6:0} ms  {Entries,8:N0} entries  sum {SumFen,13:N0} fen  {Audit}{(Deviations == 0 ? string.Empty : $"  {Deviations} DEVIATIONS")}");
}
