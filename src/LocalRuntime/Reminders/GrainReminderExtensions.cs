namespace Orleans;

/// <summary>A grain that has reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Called when a reminder is due; activates the grain if it is not active.</summary>
    Task ReceiveReminder(string reminderName, TickStatus status);
}

/// <summary>
/// Reminders: timers of a grain, not of an activation. This runtime keeps them in the cluster's memory: they survive deactivation and the loss of a silo,
/// but not the end of the process.
/// </summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or changes it.</summary>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        if (grain is not IRemindable)
            throw new InvalidOperationException($"{grain?.GetType()} must implement IRemindable to have reminders.");

        return Task.FromResult<IGrainReminder>(Table(grain).Register(Of(grain), reminderName, dueTime, period));
    }

    /// <summary>Removes a reminder.</summary>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        Table(grain).Unregister(Of(grain).GrainId, reminder.ReminderName);
        return Task.CompletedTask;
    }

    /// <summary>Gets a reminder, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        Task.FromResult(Table(grain).Get(Of(grain).GrainId, reminderName));

    private static Activation Of(IGrainBase grain) => (Activation)grain.GrainContext;

    private static ReminderTable Table(IGrainBase grain) => Of(grain).Silo.Cluster.Reminders;
}
