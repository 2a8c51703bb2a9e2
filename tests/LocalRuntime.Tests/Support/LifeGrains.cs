using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Gongji.LocalRuntime.Tests.Support;

internal interface ILifeGrain : IGrainWithStringKey
{
    Task<int> Instance();

    Task DeactivateSoon();

    Task Delay(TimeSpan time);

    Task<bool> Ticking(TimeSpan due, TimeSpan period, bool keepAlive, bool interleave);

    Task StopTicking();

    Task ChangeTicking(TimeSpan due, TimeSpan period);

    Task Hold(Probe probe, string name);
}

/// <summary>What the grains of a silo share with their test; a service of the silo.</summary>
internal sealed class LifeLog
{
    public Probe Probe { get; } = new();

    public int ActivationFailures { get; set; }

    public bool HoldTicks { get; set; }

    public bool FailTicks { get; set; }

    public bool FailDeactivation { get; set; }

    public string? HoldActivation { get; set; }

    public string? HoldDeactivation { get; set; }
}

internal sealed class LifeGrain(LifeLog log, IServiceProvider services) : Grain, ILifeGrain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);
    private IGrainTimer? _timer;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Assert.NotNull(services);
        log.Probe.Add("activate");
        if (log.HoldActivation is { } door)
        {
            await log.Probe.Door(door).Task;
        }

        if (log.ActivationFailures-- > 0)
        {
            throw new TestFailureException("Not today.");
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        log.Probe.Add($"deactivate {reason.ReasonCode}");
        if (log.HoldDeactivation is { } door)
        {
            await log.Probe.Door(door).Task;
        }

        if (log.FailDeactivation)
        {
            throw new TestFailureException("Not clean.");
        }
    }

    public Task<int> Instance() => Task.FromResult(_instance);

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task<bool> Ticking(TimeSpan due, TimeSpan period, bool keepAlive, bool interleave)
    {
        _timer = this.RegisterGrainTimer(TickAsync, "tick", new GrainTimerCreationOptions(due, period) { KeepAlive = keepAlive, Interleave = interleave });
        return Task.FromResult(true);
    }

    public Task StopTicking()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task ChangeTicking(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public async Task Hold(Probe probe, string name)
    {
        log.Probe.Add($"+{name}");
        await probe.Door(name).Task;
        log.Probe.Add($"-{name}");
    }

    private async Task TickAsync(string name, CancellationToken cancellationToken)
    {
        log.Probe.Add(name);
        if (log.HoldTicks)
        {
            await log.Probe.Door(name).Task.WaitAsync(cancellationToken);
        }

        if (log.FailTicks)
        {
            throw new TestFailureException("A bad tick.");
        }
    }
}

internal sealed class Saved
{
    public int Value { get; set; }

    public List<string> Names { get; set; } = [];
}

internal interface ISavingGrain : IGrainWithStringKey
{
    Task<int> Value();

    Task Set(int value, bool write);

    Task<(string? Etag, bool Exists)> Version();

    Task Clear();

    Task Reread();

    Task Leave();

    Task<int> CallAndFail(string other);

    Task<int> Instance();
}

internal sealed class SavingGrain([PersistentState("saved", "store")] IPersistentState<Saved> saved) : Grain, ISavingGrain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);

    public Task<int> Value() => Task.FromResult(saved.State.Value);

    public async Task Set(int value, bool write)
    {
        saved.State.Value = value;
        if (write)
        {
            await saved.WriteStateAsync();
        }
    }

    public Task<(string? Etag, bool Exists)> Version() => Task.FromResult((saved.Etag, saved.RecordExists));

    public Task Clear() => saved.ClearStateAsync();

    public Task Reread() => saved.ReadStateAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<int> CallAndFail(string other)
    {
        await GrainFactory.GetGrain<ISavingGrain>(other).Set(1, write: true);
        return 1;
    }

    public Task<int> Instance() => Task.FromResult(_instance);
}

/// <summary>A storage in which a test can change the stored version without the grain's knowledge.</summary>
internal sealed class TrickyStorage : IGrainStorage
{
    private readonly Dictionary<GrainId, (object? State, int Etag)> _records = [];

    public bool FailReads { get; set; }

    public void WriteBehind(GrainId id) => _records[id] = (_records.GetValueOrDefault(id).State, 100);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (FailReads)
        {
            throw new IOException("The disk is gone.");
        }

        if (_records.TryGetValue(grainId, out var record))
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T?)record.State, $"{record.Etag}", true);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = _records.TryGetValue(grainId, out var record) ? $"{record.Etag}" : null;
        if (stored != grainState.ETag)
        {
            throw new InconsistentStateException("Someone else wrote.", stored, grainState.ETag);
        }

        _records[grainId] = (grainState.State, record.Etag + 1);
        (grainState.ETag, grainState.RecordExists) = ($"{record.Etag + 1}", true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}

internal interface IRemindedGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan due, TimeSpan period);

    Task<bool> Has(string name);

    Task Unregister(string name);

    Task Leave();
}

internal sealed class RemindedGrain(LifeLog log) : Grain, IRemindedGrain, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Has(string name) => await this.GetReminder(name) is { } reminder && reminder.ReminderName == name;

    public async Task Unregister(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        log.Probe.Add($"{reminderName} {status.FirstTickTime:HH:mm:ss} {status.CurrentTickTime:HH:mm:ss} {status.Period}");
        return log.FailTicks ? throw new TestFailureException("A bad reminder.") : Task.CompletedTask;
    }
}
