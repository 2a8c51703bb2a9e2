namespace Gongji.Simulation.Bugs;

/// <summary>A time that stands still: nothing ever gets old.</summary>
internal sealed class StoppedTime : TimeProvider
{
    public override long GetTimestamp() => 0;
}
