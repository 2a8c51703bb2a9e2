namespace Gongji.LocalRuntime.Engine;

/// <summary>A call on its way through the filters to its end.</summary>
internal abstract class FilteredCall(Request request, Func<Task<object?>> end) : IGrainCallContext
{
    private int _stage;

    public abstract object Grain { get; }

    public MethodInfo InterfaceMethod => request.Method.Method;

    public string InterfaceName => request.Method.InterfaceName;

    public string MethodName => request.Method.Name;

    public IInvokable Request => request;

    public object? Result { get; set; }

    public GrainId? SourceId => request.Sender?.GrainId;

    public GrainId TargetId => request.Target.GrainId;

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (Filter(stage) is { } filter) await filter;
            else Result = await end();
        }
        finally
        {
            // A filter may invoke once more, whether the rest of the call succeeded or failed.
            _stage = stage;
        }
    }

    private protected abstract Task? Filter(int stage);
}

/// <summary>An incoming call: through the silo's filters, then the grain's own.</summary>
internal sealed class IncomingCall(Request request, Activation activation, Func<Task<object?>> end)
    : FilteredCall(request, end), IIncomingGrainCallContext
{
    public override object Grain => activation.GrainInstance!;

    public IGrainContext TargetContext => activation;

    private protected override Task? Filter(int stage) =>
        stage < activation.Silo.IncomingFilters.Length ? activation.Silo.IncomingFilters[stage].Invoke(this)
        : stage == activation.Silo.IncomingFilters.Length && activation.GrainInstance is IIncomingGrainCallFilter own ? own.Invoke(this)
        : null;
}

/// <summary>An outgoing call.</summary>
internal sealed class OutgoingCall(Request request, GrainReference target, CallOrigin origin, Func<Task<object?>> end)
    : FilteredCall(request, end), IOutgoingGrainCallContext
{
    public override object Grain => target;

    public IGrainContext? SourceContext { get; } = Activation.Current;

    private protected override Task? Filter(int stage) => stage < origin.OutgoingFilters.Length ? origin.OutgoingFilters[stage].Invoke(this) : null;
}
