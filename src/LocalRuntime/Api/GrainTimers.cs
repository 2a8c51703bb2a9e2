using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A grain's timer; disposing stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the timer fires next and, after each tick has finished, how long until the next.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions
{
    /// <summary>Makes empty options.</summary>
    public GrainTimerCreationOptions() { }

    /// <summary>Makes options of a timer that neither interleaves nor keeps its activation alive.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time to the first tick.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Whether ticks may run between the turns of other requests.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use of the activation for idle collection.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Time from the end of one tick to the next; infinite for one tick only.</summary>
    public required TimeSpan Period { get; init; }
}
