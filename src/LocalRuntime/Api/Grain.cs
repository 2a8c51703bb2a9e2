namespace Orleans;

/// <summary>Base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Called by the runtime, inside a new activation.</summary>
    protected Grain() => GrainContext = Activation.Current
        ?? throw new InvalidOperationException("A grain is made by the runtime: get a reference from IGrainFactory.");

    /// <summary>The activation this instance belongs to.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.Silo.Factory;

    /// <summary>The activation's services.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    internal Activation Activation => (Activation)GrainContext;

    /// <summary>Deactivates this activation once its running requests have finished.</summary>
    /// <exception cref="InvalidOperationException">The activation has been deactivated already.</exception>
    protected void DeactivateOnIdle()
    {
        if (Activation.IsDeactivated) throw new InvalidOperationException($"Attempt to access an invalid activation: {Activation}");
        GrainBaseExtensions.DeactivateOnIdle(this);
    }

    /// <summary>Protects this activation from idle collection for <paramref name="timeSpan"/>; a negative time revokes that.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);

    /// <summary>Called before the first request; if it fails, the activation is dropped and the waiting callers get the exception.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the last request.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
