namespace Gongji.Simulation.Kernel;

/// <summary>Something that happens at a moment of virtual time.</summary>
public abstract class ScheduledEvent
{
    /// <summary>Runs the event.</summary>
    /// <param name="version">The version it was scheduled with, which tells a postponed or cancelled occurrence from the current one.</param>
    public abstract void Happen(int version);
}

/// <summary>An event that calls back.</summary>
public sealed class CallbackEvent(Action what) : ScheduledEvent
{
    /// <inheritdoc/>
    public override void Happen(int version) => what();
}
