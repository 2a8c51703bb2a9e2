namespace Gongji.Simulation.Kernel;

/// <summary>Something that happens at a moment of virtual time.</summary>
public abstract class ScheduledEvent
{
    /// <summary>Happens.</summary>
    /// <param name="version">What it was scheduled with: tells one that was put off or given up from the current one.</param>
    public abstract void Happen(int version);
}

/// <summary>An event that calls back.</summary>
public sealed class CallbackEvent(Action what) : ScheduledEvent
{
    /// <inheritdoc/>
    public override void Happen(int version) => what();
}
