namespace Orleans;

/// <summary>A call, as a filter sees it.</summary>
public interface IGrainCallContext
{
    /// <summary>The grain (incoming) or the reference (outgoing).</summary>
    object Grain { get; }

    /// <summary>The interface's method.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The interface's name.</summary>
    string InterfaceName { get; }

    /// <summary>The method's name.</summary>
    string MethodName { get; }

    /// <summary>The arguments.</summary>
    IInvokable Request { get; }

    /// <summary>The result; a filter may replace it.</summary>
    object? Result { get; set; }

    /// <summary>The calling grain, or null.</summary>
    GrainId? SourceId { get; }

    /// <summary>The called grain.</summary>
    GrainId TargetId { get; }

    /// <summary>Goes on to the next filter, or the grain.</summary>
    Task Invoke();
}

/// <summary>An incoming call, as a filter sees it.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The called activation.</summary>
    IGrainContext TargetContext { get; }
}

/// <summary>An outgoing call, as a filter sees it.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The calling activation, or null.</summary>
    IGrainContext? SourceContext { get; }
}

/// <summary>Sees every call that arrives at a silo's grains; a grain class may implement it for itself.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Must await <see cref="IGrainCallContext.Invoke"/> for the call to go on.</summary>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Sees every call that is made.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <summary>Must await <see cref="IGrainCallContext.Invoke"/> for the call to go on.</summary>
    Task Invoke(IOutgoingGrainCallContext context);
}
