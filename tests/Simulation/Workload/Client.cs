using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Cluster;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;
using Orleans;

namespace Gongji.Simulation.Workload;

/// <summary>A client with its own retry policy. It gives commands one after another, asks again when it does not learn the outcome, and sometimes gives up.</summary>
internal sealed partial class Client
{
    private readonly SimulationCore _core;
    private readonly SimulatedCluster _cluster;
    private readonly IGrainFactory _grains;
    private readonly World _world;
    private readonly AnswerOracle _oracle;
    private readonly Prng _prng;
    private readonly double[] _upTo;
    private readonly int _attemptsMax;
    private readonly long _pauseTicks;
    private readonly double _thinks;

    public Client(SimulationCore core, SimulatedCluster cluster, World world, AnswerOracle oracle, string name)
    {
        (_core, _cluster, _grains, _world, _oracle) = (core, cluster, cluster.Client, world, oracle);
        _prng = core.Chance("client " + name);
        _attemptsMax = _prng.Pick<int>([1, 2, 3, 5, 8]);
        _pauseTicks = _prng.Pick<long>([0, TimeSpan.TicksPerMillisecond * 20, TimeSpan.TicksPerSecond]);
        _thinks = _prng.Chance(0.3) ? 0.2 : 0;
        double sum = 0;
        _upTo = [.. world.Plan.Weights.Select(weight => sum += weight)];
    }

    /// <summary>Gives commands until the workload has none left.</summary>
    public async Task RunAsync()
    {
        while (_world.TryTakeCommand())
        {
            if (_prng.Chance(_thinks))
            {
                await PauseAsync(_prng.Between(1, TimeSpan.TicksPerMillisecond * 50));
            }

            Operation operation = PickOperation();
            _core.Trace.Add("command", operation.Name, default, _world.CommandsGiven);
            await operation.RunAsync(this);
        }
    }

    private Operation PickOperation()
    {
        double at = _prng.NextDouble() * _upTo[^1];
        int index = Array.FindIndex(_upTo, upTo => at < upTo);
        return OperationList.All[Math.Max(0, index)];
    }

    /// <summary>Gives a command by this client's policy: sends it and does not wait, sends it twice at once, or asks until the answer is definite or attempts run out.</summary>
    /// <param name="id">The command's id; empty when it has none.</param>
    /// <param name="askAsync">Asks once and has the answer judged; true when the answer is definite.</param>
    private async Task GiveAsync(Guid id, Func<Task<bool>> askAsync)
    {
        Guid key = id == Guid.Empty ? _world.NextKey() : id;
        if (_prng.Chance(_world.Plan.Abandon))
        {
            _core.Coverage.Hit(CoveragePoint.CommandAbandoned);
            _world.Abandoned.Add(NoteAsync(key, askAsync, askAsync()));
            return;
        }

        if (_prng.Chance(_world.Plan.SendTwice))
        {
            _core.Coverage.Hit(CoveragePoint.CommandDoubled);
            Task<bool> other = askAsync();
            await NoteAsync(key, askAsync, askAsync());
            await NoteAsync(key, askAsync, other);
            return;
        }

        for (int attempt = 1; ; attempt++)
        {
            if (await NoteAsync(key, askAsync, askAsync()) || attempt == _attemptsMax)
            {
                return;
            }

            _core.Coverage.Hit(CoveragePoint.CommandRepeated);
            await PauseAsync(_pauseTicks);
        }
    }

    private async Task<bool> NoteAsync(Guid key, Func<Task<bool>> askAsync, Task<bool> asked)
    {
        if (await asked)
        {
            _world.NoteDecided(key);
            return true;
        }

        _world.NoteUndecided(key, askAsync);
        return false;
    }

    /// <summary>Makes one call: an answer is judged, a missing one recorded. Returns true when the answer is definite.</summary>
    private async Task<bool> CallAsync<T>(Attempt attempt, Task<Reply<T>> call, Action<Reply<T>> judge)
        where T : class
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return End(attempt, call, judge);
    }

    /// <summary>Does the same for a call that has ended.</summary>
    private bool End<T>(Attempt attempt, Task<Reply<T>> ended, Action<Reply<T>> judge)
        where T : class
    {
        if (ended.IsCompletedSuccessfully)
        {
            Reply<T> reply = ended.Result;
            judge(reply);
            return reply.Code is not (RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown);
        }

        Exception failure = ended.Exception?.InnerException ?? new OperationCanceledException();
        if (CallFailures.IsFailure(failure))
        {
            _oracle.EndWithoutAnswer(attempt, failure);
            return false;
        }

        _core.Fail("no-errors", $"a grain threw what only a bug throws: {failure}", attempt.Record?.Id ?? default);
        return true;
    }

    private async Task PauseAsync(long ticks)
    {
        if (ticks > 0)
        {
            await Task.Delay(TimeSpan.FromTicks(ticks), _core.Time);
        }
    }

    private IInsuredPersonGrain PersonGrain(string person) => _grains.GetGrain<IInsuredPersonGrain>(person);
}
