using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Closed days: from the moment that a closing is durable, the figures of its day never change.</summary>
internal sealed partial class LedgerModel
{
    private readonly List<(DateOnly Day, long Sequence)> _closed = [];

    /// <summary>The first day that is not closed; the model knows it from the closings alone.</summary>
    public DateOnly OpenDay => _closed is [.., (DateOnly day, _)] ? day.AddDays(1) : DateOnly.MinValue;

    /// <summary>The days that are closed already, by the commit that did it.</summary>
    public IReadOnlyList<(DateOnly Day, long Sequence)> Closed => _closed;

    /// <summary>What the people of regions moved to other regions on a clearing day, as the entries say it.</summary>
    public IReadOnlyDictionary<(int From, int To), (long Count, long AmountFen)> PairsOf(DateOnly day)
    {
        Dictionary<(int, int), (long Count, long AmountFen)> pairs = [];
        foreach ((DeltaKey key, (long count, long amountFen)) in _deltas.Where(delta => delta.Key.Day == day && delta.Key.From != delta.Key.To))
        {
            if (key.Activity is Activity.Transfer or Activity.Move)
            {
                (long before, long beforeFen) = pairs.GetValueOrDefault((key.From.Value, key.To.Value));
                pairs[(key.From.Value, key.To.Value)] = (before + count, beforeFen + amountFen);
            }
        }

        return pairs;
    }

    /// <summary>What a batch closes comes first: what it carries beside counts after it.</summary>
    private void TakeClosings(SealedBatch batch)
    {
        foreach (Entry entry in batch.Entries.Select(encoded => encoded.Entry).Where(entry => entry.Kind == EntryKind.DayClosed))
        {
            Entries++;
            core.Trace.Add("day-closed", entry.Account, entry.Operation, entry.Version);
            DateOnly day = ((DayClosing)entry.Detail!).Day;
            if (entry.Version != _closed.Count + 1 || day < OpenDay || day > DateOf(LatestMs))
            {
                Fail("closed-day", entry, $"{day:yyyy-MM-dd} is closed after {OpenDay.AddDays(-1):yyyy-MM-dd}, as number {_closed.Count + 1}, by {DateOf(LatestMs):yyyy-MM-dd}.");
            }

            _closed.Add((day, Sequence));
            core.Coverage.Hit(CoveragePoint.DayClosed);
        }
    }

    private void CheckStaysClosed(DeltaKey key, DeltaSum sum, SealedBatch batch)
    {
        if (key.Day < OpenDay)
        {
            core.Fail("closed-day", $"chain {batch.Chain}, batch {batch.Sequence}: {key} grows by {sum}, but days before {OpenDay:yyyy-MM-dd} are closed.");
        }
    }

    /// <summary>The day that an entry counts on: its own, or the open one when that is later.</summary>
    private DateOnly ClearingDayOf(Entry entry)
    {
        DateOnly day = DateOf(entry.At.ToUnixTimeMilliseconds());
        if (day >= OpenDay)
        {
            return day;
        }

        core.Coverage.Hit(CoveragePoint.CountedOnLaterDay);
        return OpenDay;
    }
}
