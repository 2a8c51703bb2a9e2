namespace Gongji.Api.Hosting;

/// <summary>Whether the process has been asked to stop.</summary>
internal sealed class DrainState
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public void Begin() => _isDraining = true;
}
