using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.LocalRuntime;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Gongji.Simulation.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace Gongji.Simulation.Cluster;

/// <summary>One silo with everything that a process has of its own: journal, clock, caches, connections to the store, and a sweep each second.</summary>
public sealed class SimulatedSilo
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private readonly SimulationCore _core;
    private readonly LocalCluster _cluster;
    private readonly LocalSilo _silo;
    private readonly SimulatedStore _store;
    private readonly ProcessScheduler _scheduler;
    private readonly Journal _journal;
    private bool _stopping;

    public SimulatedSilo(SimulationCore core, LocalCluster cluster, string name, SimulatedStore store, SiloPlan plan)
    {
        (_core, _cluster, _store, Name) = (core, cluster, store, name);
        Clock = new SiloClock(core.Time, core.Business) { Error = plan.ClockError };
        _silo = cluster.AddSilo(name, builder => Configure(builder, plan));
        _journal = _silo.Services.GetRequiredService<Journal>();
        _scheduler = new ProcessScheduler(core.Executor, core.Faults.ProcessGoesOn);
        _ = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.None, _scheduler);
    }

    public string Name { get; }

    public SiloClock Clock { get; }

    /// <summary>Whether the silo lives; false once it was killed, was stopped or learned that it was declared dead.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether the silo is paused, thought dead by the others, or stopping.</summary>
    public bool IsOut { get; private set; }

    public bool IsHealthy => _journal.IsHealthy;

    /// <summary>Kills the silo at once; the others notice after a while.</summary>
    public void Kill()
    {
        IsAlive = false;
        _scheduler.Die();
        _silo.Kill();
    }

    public void Pause()
    {
        IsOut = true;
        _silo.Pause();
        _scheduler.Pause();
    }

    /// <summary>Makes the others think the silo dead and go on without it.</summary>
    public void Evict()
    {
        IsOut = true;
        _store.IsZombie = true;
        _cluster.Evict(_silo);
    }

    public void Resume()
    {
        _silo.Resume();
        _scheduler.Resume();
    }

    /// <summary>Resumes before the others have declared the silo dead.</summary>
    public void ResumeAsMember()
    {
        IsOut = false;
        Resume();
    }

    /// <summary>The silo learns that it was declared dead, and ends.</summary>
    public void Leave()
    {
        IsAlive = false;
        _scheduler.Die();
        _silo.Leave();
    }

    /// <summary>Stops in order: first the grains, then the journal, which drains.</summary>
    public async Task StopAsync()
    {
        (IsOut, _stopping) = (true, true);
        await _silo.StopAsync();
        await _journal.StopAsync(CancellationToken.None);
        IsAlive = false;
        _scheduler.Die();
    }

    /// <summary>Disposes the journal after the run: its meters would otherwise keep the whole run alive.</summary>
    public void Discard() => _ = _journal.DisposeAsync().AsTask();

    private void Configure(ISiloBuilder builder, SiloPlan plan)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<ILoggerProvider>(new ObservingLogger(_core, Name));
        services.AddSingleton<TimeProvider>(_core.Time);
        services.AddSingleton<ILedgerStore>(_store);
        services.AddSingleton(new LedgerClock(plan.LedgerTime?.Invoke(Clock) ?? Clock));
        services.AddSingleton(provider => new Journal(
            _store,
            plan.Journal with { Writer = Name },
            Clock,
            provider.GetRequiredService<ILogger<Journal>>()));
        services.AddSingleton<IJournal>(provider =>
        {
            Journal journal = provider.GetRequiredService<Journal>();
            return new ObservingJournal(_core, plan.WrapJournal?.Invoke(journal) ?? journal);
        });
        services.AddSingleton<LocalPersons>(provider => new InterruptedPersons(provider.GetRequiredService<IGrainFactory>(), _core, Name));
        services.AddSingleton(provider => new RegionRulesCache(provider.GetRequiredService<Orleans.IGrainFactory>(), plan.CacheTime ?? _core.Time));
        services.AddSingleton(provider => new EscrowDesk(provider.GetRequiredService<ILedgerStore>(), _core.Time, plan.DebitsPerSlice));
        services.AddSingleton(new ClearingOptions());
        services.AddSingleton<SweepCounts>();
        services.AddSingleton(new RulesPropagation(isClustered: true, _core.Time));
        services.AddKeyedSingleton<IGrainStorage>(GrainStorage.Regions, new SimulatedGrainStorage(_store));
        services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = _core.Faults.ResponseTimeout);
        services.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = TimeSpan.FromSeconds(1);
            options.CollectionAge = plan.CollectionAge;
            options.DeactivationTimeout = TimeSpan.FromSeconds(5);
        });
        if (_core.Faults.GrainsLeave > 0)
        {
            builder.AddIncomingGrainCallFilter(new LeavingGrains(_core, Name));
        }

        plan.Configure?.Invoke(builder);
    }

    /// <summary>The background work of a process: opens its journal, then requests a sweep each second.</summary>
    private async Task RunAsync()
    {
        try
        {
            await StartJournalAsync();
            while (!_stopping)
            {
                await Task.Delay(SweepPause, _core.Time);
                await SweepAsync();
            }
        }
        catch (Exception error)
        {
            _core.Fail("no-errors", $"{Name}: its background work ended: {error}");
        }
    }

    /// <summary>Credits of an upload, all at once and without messages where possible, as the API does it in this process.</summary>
    /// <param name="lines">The credits.</param>
    /// <param name="answered">Called for each line when this process has its answer; not called any more once the silo has died.</param>
    public void Upload((string Person, CreditPerson Command)[] lines, Action<int, Task<Reply<CreditView>>> answered)
    {
        LocalPersons persons = _silo.Services.GetRequiredService<LocalPersons>();
        _ = Task.Factory.StartNew(StartAll, CancellationToken.None, TaskCreationOptions.None, _scheduler);

        void StartAll()
        {
            for (int line = 0; line < lines.Length; line++)
            {
                _ = CreditAsync(line);
            }
        }

        async Task CreditAsync(int line)
        {
            Task<Reply<CreditView>> answer = persons.CallAsync(lines[line].Person, lines[line].Command, static (person, command) => person.CreditAsync(command));
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            answered(line, answer);
        }
    }

    private async Task StartJournalAsync()
    {
        while (true)
        {
            try
            {
                await _journal.StartAsync(CancellationToken.None);
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), _core.Time);
            }
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            IHoldSweeperGrain sweeper = _silo.Client.GetGrain<IHoldSweeperGrain>(0);
            while (await sweeper.SweepAsync())
            {
                _core.Trace.Add("sweep-goes-on", Name);
            }
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            _core.Trace.Add("sweep-failed", Name);
        }
    }
}
