namespace Gongji.Simulation.Bugs;

/// <summary>A clock that stands still, so that nothing ever expires.</summary>
internal sealed class StoppedTime : TimeProvider
{
    public override long GetTimestamp() => 0;
}
