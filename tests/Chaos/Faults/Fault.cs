namespace Gongji.Chaos.Faults;

/// <summary>A fault that happens once in a round, and ends.</summary>
internal abstract class Fault
{
    public abstract string Name { get; }

    /// <summary>Whether calls may go unanswered because the product itself goes away.</summary>
    public virtual bool LosesCalls => false;

    /// <summary>Runs before the load.</summary>
    public virtual Task PrepareAsync(Site site) => Task.CompletedTask;

    /// <summary>Runs under load: causes the fault and ends it. Returns a timestamp of when it had ended.</summary>
    public abstract Task<long> HappenAsync(FaultContext context);
}
