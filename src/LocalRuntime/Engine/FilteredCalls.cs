using Orleans.Serialization.Invocation;

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
        if (!TryStartFilter(stage, out var filter)) Result = await end();
        else await filter;

        // A filter that catches an exception may invoke once more.
        _stage = stage;
    }

    private protected abstract bool TryStartFilter(int stage, out Task filter);
}

/// <summary>A call where it arrives: the silo's filters, then the grain's own.</summary>
internal sealed class IncomingCall(Request request, Activation activation, Func<Task<object?>> end)
    : FilteredCall(request, end), IIncomingGrainCallContext
{
    public override object Grain => activation.GrainInstance!;

    public IGrainContext TargetContext => activation;

    private protected override bool TryStartFilter(int stage, out Task filter)
    {
        var filters = activation.Silo.IncomingFilters;
        filter = stage < filters.Length ? filters[stage].Invoke(this)
            : stage == filters.Length && activation.GrainInstance is IIncomingGrainCallFilter own ? own.Invoke(this)
            : null!;
        return filter is not null;
    }
}

/// <summary>A call where it is made.</summary>
internal sealed class OutgoingCall(Request request, GrainReference target, CallOrigin origin, Func<Task<object?>> end)
    : FilteredCall(request, end), IOutgoingGrainCallContext
{
    public override object Grain => target;

    public IGrainContext? SourceContext { get; } = Activation.Current;

    private protected override bool TryStartFilter(int stage, out Task filter)
    {
        filter = stage < origin.OutgoingFilters.Length ? origin.OutgoingFilters[stage].Invoke(this) : null!;
        return filter is not null;
    }
}
