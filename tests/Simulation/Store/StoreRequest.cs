using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Store;

/// <summary>A request on its way to the store and back. The caller continues on its own scheduler, never inside the store.</summary>
internal sealed class StoreRequest<T>(SimulationCore core, StoreWeather weather, Func<T> work) : ScheduledEvent
{
    private const int Land = 1;
    private const int LandUnheard = 2;
    private const int Answer = 3;
    private const int FailUnknown = 4;
    private const int FailRefused = 5;

    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _generation = weather.Generation;
    private long _back;
    private bool _isWrite;
    private bool _hasLanded;
    private T _result = default!;

    public Task<T> Task => _done.Task;

    /// <summary>The request lands and is answered.</summary>
    public void Send(long there, long back, bool isWrite)
    {
        (_back, _isWrite) = (back, isWrite);
        Schedule(there, Land);
    }

    /// <summary>The request does nothing, and its caller is told so.</summary>
    public void Refuse(long after) => Schedule(after, FailRefused);

    /// <summary>The request lands, or never does; the caller is told that the outcome is unknown.</summary>
    public void LoseAnswer(long? landsAfter, long errorAfter)
    {
        _isWrite = true;
        if (landsAfter is { } lands)
        {
            Schedule(lands, LandUnheard);
        }

        Schedule(errorAfter, FailUnknown);
    }

    /// <inheritdoc/>
    public override void Happen(int version)
    {
        switch (version)
        {
            case Land when IsCut:
                Fail(_isWrite);
                break;
            case Land:
                LandNow();
                if (_back > 0)
                {
                    Schedule(_back, Answer);
                }
                else
                {
                    _done.TrySetResult(_result);
                }

                break;
            case LandUnheard when !IsCut:
                LandNow();
                break;
            case Answer when IsCut:
                Fail(_isWrite);
                break;
            case Answer:
                _done.TrySetResult(_result);
                break;
            case FailUnknown:
                Fail(isUnknown: true);
                break;
            case FailRefused:
                _done.TrySetException(new StoreUnavailableException("The simulated store refuses."));
                break;
            default:
                break;
        }
    }

    private bool IsCut => _generation != weather.Generation;

    private void LandNow()
    {
        _hasLanded = true;
        _result = work();
    }

    private void Fail(bool isUnknown)
    {
        if (isUnknown && IsCut)
        {
            core.Coverage.Hit(_hasLanded ? CoveragePoint.CommitKeptByFailover : CoveragePoint.CommitLostByFailover);
        }

        _done.TrySetException(isUnknown
            ? new StoreOutcomeUnknownException("The simulated connection was cut.")
            : new StoreUnavailableException("The simulated connection was cut."));
    }

    private void Schedule(long after, int what) => core.Time.Schedule(after, this, what);
}
