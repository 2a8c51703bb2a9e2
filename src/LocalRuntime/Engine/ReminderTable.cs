namespace Gongji.LocalRuntime.Engine;

/// <summary>The cluster's reminders.</summary>
internal sealed class ReminderTable(LocalCluster cluster)
{
    private readonly Dictionary<(GrainId, string), Reminder> _reminders = [];

    internal Reminder Register(Activation activation, string name, TimeSpan dueTime, TimeSpan period)
    {
        var minimum = activation.Silo.Services.GetRequiredService<IOptions<ReminderOptions>>().Value.MinimumReminderPeriod;
        if (period < minimum)
            throw new ArgumentException($"The period of reminder \"{name}\" is {period}; the shortest allowed is {minimum}.", nameof(period));

        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        lock (_reminders)
        {
            Unregister(activation.GrainId, name);
            return _reminders[(activation.GrainId, name)] = new Reminder(cluster, activation.GrainId, name, dueTime, period);
        }
    }

    internal void Unregister(GrainId grainId, string name)
    {
        lock (_reminders) if (_reminders.Remove((grainId, name), out var reminder)) reminder.Stop();
    }

    internal IGrainReminder? Get(GrainId grainId, string name)
    {
        lock (_reminders) return _reminders.GetValueOrDefault((grainId, name));
    }
}

/// <summary>A reminder with its timer.</summary>
internal sealed class Reminder : IGrainReminder, IThreadPoolWorkItem
{
    private readonly LocalCluster _cluster;
    private readonly GrainId _grainId;
    private readonly TimeSpan _period;
    private readonly DateTime _first;
    private readonly ITimer _timer;
    private DateTime _due;

    internal Reminder(LocalCluster cluster, GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        (_cluster, _grainId, ReminderName, _period) = (cluster, grainId, name, period);
        _first = _due = cluster.TimeProvider.GetUtcNow().UtcDateTime + dueTime;
        _timer = cluster.CreateTimer(
            static reminder => ((Reminder)reminder!)._cluster.Executor.Post((Reminder)reminder!), this, dueTime);
    }

    public string ReminderName { get; }

    internal void Stop() => _timer.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        var status = new TickStatus(_first, _period, _due);
        var now = _cluster.TimeProvider.GetUtcNow().UtcDateTime;

        // Missed ticks are skipped, not made up for.
        while (_due <= now) _due += _period;
        _timer.Change(_due - now, Timeout.InfiniteTimeSpan);
        _ = Task.Factory.StartNew(() => TickAsync(status), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _cluster.Executor.Scheduler);
    }

    private async Task TickAsync(TickStatus status)
    {
        if (_cluster.AnySilo is { } silo && await Attempt.RunAsync(() => silo.Factory.GetGrain<IRemindable>(_grainId).ReceiveReminder(ReminderName, status)) is { } error)
            Log.ReminderFailed(silo.Logger, error);
    }
}
