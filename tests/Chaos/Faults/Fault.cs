namespace Gongji.Chaos.Faults;

/// <summary>Something bad that happens once in a round, and ends.</summary>
internal abstract class Fault
{
    public abstract string Name { get; }

    /// <summary>Whether calls may have no answer, since the product itself goes away.</summary>
    public virtual bool LosesCalls => false;

    /// <summary>Before the load.</summary>
    public virtual Task PrepareAsync(Site site) => Task.CompletedTask;

    /// <summary>Under load: does the harm and ends it; when it had ended, as a timestamp.</summary>
    public abstract Task<long> HappenAsync(FaultContext context);
}
