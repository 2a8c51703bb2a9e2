namespace Gongji.Api.Hosting;

/// <summary>Whether the process has started.</summary>
internal sealed class StartPhase
{
    private volatile bool _isStarted;

    public bool IsStarted => _isStarted;

    public void End() => _isStarted = true;
}
