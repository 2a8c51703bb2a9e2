using Gongji.Grains.Messages;
using Gongji.Ledger.Audit;
using Gongji.Simulation.Cluster;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Store;
using Gongji.Simulation.Workload;

namespace Gongji.Simulation.Running;

/// <summary>Runs one seed from beginning to end: settle in, work under faults, then bring everything to its end without faults, and check all of it.</summary>
public sealed class SimulationRun
{
    private const long StepsMax = 50_000_000;

    /// <summary>The longest that a run may take, in virtual time. Two clients of whose calls many are lost, each for half a minute, take some hours.</summary>
    private static readonly long TimeMax = TimeSpan.FromDays(2).Ticks;

    /// <summary>Without faults, every due hold must reach an outcome and every command must get an answer within this time.</summary>
    private static readonly TimeSpan LivenessBound = TimeSpan.FromSeconds(120);

    private readonly SimulationCore _core;
    private readonly LedgerModel _model;
    private readonly AnswerOracle _oracle;
    private readonly SimulatedCluster _cluster;
    private readonly World _world;
    private readonly Conductor _conductor;
    private string _phase = string.Empty;
    private bool _ended;

    private SimulationRun(ulong seed, RunOptions options)
    {
        _core = new SimulationCore(seed, options.KeepTrace, options.Faults);
        RulesRecord rules = RulesRecord.Of(RegionRules.Default);
        _model = new LedgerModel(_core, World.Regions.Take(4).ToDictionary(region => RegionCode.Parse(region).Value, _ => (RulesRecord?)rules));
        SimulatedDatabase database = options.Bug?.MakeDatabase?.Invoke(_model) ?? new SimulatedDatabase(_model);
        _cluster = new SimulatedCluster(_core, database, options.Bug);
        _oracle = new AnswerOracle(_core, _model, _cluster.HasShortQueues);
        _world = new World(_core, options.Workload ?? WorkloadPlan.FromSeed(seed), options.CommandsMax);
        _conductor = new Conductor(_core, _cluster, _world);
    }

    /// <summary>Runs a seed.</summary>
    public static RunResult Run(ulong seed, RunOptions options)
    {
        // A synchronization context of the caller, such as a test runner's, would move continuations to other threads.
        SynchronizationContext? callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            SimulationRun run = new(seed, options);
            run.Execute();
            RunResult result = run.ResultOf(seed);
            run._cluster.Discard();
            return result;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    private RunResult ResultOf(ulong seed) => new()
    {
        Seed = seed,
        Violation = _core.Violation,
        TraceHash = _core.Trace.Hash,
        TraceEvents = _core.Trace.Events,
        TraceLines = _core.Trace.Lines,
        Coverage = _core.Coverage,
        Commands = _world.CommandsGiven,
        Answers = _oracle.Answers,
        Movements = _model.Movements,
        Entries = _model.Entries,
        Steps = _core.Executor.Steps,
        Time = TimeSpan.FromTicks(_core.Time.Now),
        Faults = _core.Faults,
    };

    private void Execute()
    {
        _ = Task.Factory.StartNew(PlayAsync, CancellationToken.None, TaskCreationOptions.None, _core.Outside);
        try
        {
            Loop();
        }
        catch (Exception error)
        {
            _core.Fail("no-errors", $"the run broke: {error}");
        }
    }

    private void Loop()
    {
        // Events that are due at a moment mix with the work items that are ready then.
        Prng prng = _core.Chance("moments");
        while (!_ended && _core.Violation is null)
        {
            if (_core.Time.HasDueNow && prng.Chance(0.5))
            {
                _core.Time.TryAdvance(TimeMax);
            }
            else if (_core.Executor.TryStep())
            {
                if (_core.Executor.Steps > StepsMax)
                {
                    _core.Fail("liveness", $"no end after {StepsMax} steps.");
                }
            }
            else if (!_core.Time.TryAdvance(TimeMax))
            {
                _core.Fail("liveness", $"no end after {TimeSpan.FromTicks(TimeMax).TotalHours:0} hours; the run was to {_phase}.");
            }
        }
    }

    private async Task PlayAsync()
    {
        try
        {
            await EnterAsync("settle in", SettleInAsync);
            _core.FaultsOn = true;
            await EnterAsync("work", WorkAsync);
            await EnterAsync("let faults end", _conductor.WhenDoneAsync);
            _core.FaultsOn = false;
            await EnterAsync("quieten", QuietenAsync);
            await EnterAsync("resolve what is unknown", ResolveAsync);
            await EnterAsync("return everything", ReturnEverythingAsync);
            await EnterAsync("look at everything", LookAtEverythingAsync);
            await EnterAsync("stop", StopAsync);
        }
        catch (Exception error)
        {
            _core.Fail("no-errors", $"the run broke: {error}");
        }

        _ended = true;
    }

    private Task EnterAsync(string phase, Func<Task> play)
    {
        _phase = phase;
        _core.Trace.Add("phase", phase);
        return play();
    }

    private async Task SettleInAsync()
    {
        await WaitForAsync(() => _cluster.IsHealthy, "every journal opens");
        Client settler = NewClient("settler");
        Prng prng = _core.Chance("settling");
        await Task.WhenAll(World.Regions.Select(region => settler.PutRulesAsync(region, _world.NextRules(prng))));
        foreach (string[] persons in _world.Persons.Chunk(16))
        {
            await Task.WhenAll(persons.Select(person => settler.SettleInAsync(person, 1 - 0.02 * _world.Plan.Oddness)));
        }

        foreach (string person in _world.Persons.Where((_, index) => index % 3 == 0))
        {
            await settler.SettleRelationAsync(person);
        }
    }

    private async Task WorkAsync()
    {
        await Task.WhenAll(Enumerable.Range(1, _world.Plan.Clients).Select(number => NewClient(number.ToString(System.Globalization.CultureInfo.InvariantCulture)).RunAsync()));
        await WaitForAbandonedAsync();
    }

    /// <summary>Waits for the requests whose clients did not wait.</summary>
    private async Task WaitForAbandonedAsync()
    {
        for (int i = 0; i < _world.Abandoned.Count; i++)
        {
            await _world.Abandoned[i];
        }

        _world.Abandoned.Clear();
    }

    /// <summary>Waits until everything in flight has arrived or is lost, and every partition has recovered.</summary>
    private async Task QuietenAsync()
    {
        await PauseAsync(TimeSpan.FromSeconds(12));
        await WaitForAsync(() => !_cluster.Weather.IsDown && _cluster.IsHealthy, "every journal recovers");
    }

    /// <summary>Asks again for every command without a definite answer: now there is one truth.</summary>
    private async Task ResolveAsync()
    {
        foreach ((Guid key, Func<Task<bool>> askAsync) in _world.Undecided.ToArray())
        {
            int asked = 0;
            while (!await askAsync())
            {
                // A relative with a part in a refund may have moved out of a region at its cap; that part waits until there is headroom.
                if (++asked == 10)
                {
                    await LiftCapsAsync();
                }
                else if (asked == 20)
                {
                    _core.Fail("liveness", "without faults a command asked 20 times again has no definite answer.", key);
                    return;
                }

                await PauseAsync(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Lifts all caps, as operators do when regions have used up their prepayments.</summary>
    private Task LiftCapsAsync()
    {
        Client operators = NewClient("operators");
        return Task.WhenAll(World.Regions.Select(region => operators.PutRulesAsync(region, RulesRecord.Of(RegionRules.Default with { Live = LiveTiers.All }))));
    }

    /// <summary>Leaps to when the next 06:00 has passed by every clock; nothing may stay held then.</summary>
    private async Task ReturnEverythingAsync()
    {
        _core.Business.LeapToNext(TimeSpan.FromHours(6) + 2 * BusinessClock.ErrorMax);
        long until = _core.Time.Now + LivenessBound.Ticks;
        long patient = _core.Time.Now + LivenessBound.Ticks / 2;
        ModelTransfer? Held() => _model.Transfers.Values.FirstOrDefault(transfer => transfer.Outcome is null);
        while (_core.Time.Now < until && (Held() is not null || _cluster.Database.Holds.Count > 0))
        {
            await PauseAsync(TimeSpan.FromSeconds(1));
            if (_core.Time.Now > patient)
            {
                patient = long.MaxValue;
                await LiftCapsAsync();
            }
        }

        if (Held() is { } held)
        {
            _core.Fail(
                "liveness", $"the transfer held by {held.Hold.Account} for {held.Terms.Payee} has no outcome {LivenessBound} after 06:00; its answer is {held.Answer?.Kind}.",
                held.Hold.Operation, held.Hold.Account, held.Terms.Payee);
        }

        if (_cluster.Database.Holds.Values.FirstOrDefault() is { } open)
        {
            _core.Fail("liveness", $"what {open.Account} opened with leg {open.Leg} has no end {LivenessBound} after 06:00.", open.Operation, open.Account);
        }
    }

    /// <summary>Checks that the product shows each person and closed day as the model has them, and that the production audit finds nothing.</summary>
    private async Task LookAtEverythingAsync()
    {
        // There are no faults any more: a person who cannot be read now never could be.
        _oracle.IsQuiet = true;
        Client looker = NewClient("looker");
        foreach (string person in _world.Persons)
        {
            await looker.AskPersonAsync(person);
        }

        foreach ((DateOnly day, _) in _model.Closed)
        {
            await looker.AskClearingDayAsync(day);
        }

        await WaitForAbandonedAsync();
        _model.CheckAllDeltas(_cluster.Database);
        AuditReport report = await new LedgerAuditor().RunAsync(
            new SimulatedStore(_core, _cluster.Database, _cluster.Weather, "auditor"), null, CancellationToken.None);
        foreach (InvariantReport invariant in report.Invariants.Where(invariant => invariant.ViolationCount > 0))
        {
            _core.Fail(invariant.Name, "the production audit says: " + string.Join(" ", invariant.Violations));
        }
    }

    private async Task StopAsync()
    {
        foreach (SimulatedSilo silo in _cluster.Silos.Where(silo => silo.IsAlive).ToArray())
        {
            await silo.StopAsync();
        }
    }

    private Client NewClient(string name) => new(_core, _cluster, _world, _oracle, name);

    private async Task WaitForAsync(Func<bool> condition, string what)
    {
        long until = _core.Time.Now + LivenessBound.Ticks;
        while (!condition())
        {
            if (_core.Time.Now > until)
            {
                _core.Fail("liveness", $"not within {LivenessBound}: {what}.");
                return;
            }

            await PauseAsync(TimeSpan.FromMilliseconds(10));
        }
    }

    private Task PauseAsync(TimeSpan time) => Task.Delay(time, _core.Time);
}
