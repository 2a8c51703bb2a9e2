namespace Orleans.Runtime;

/// <summary>Base of the runtime's exceptions.</summary>
public class OrleansException : Exception
{
    /// <summary>Makes an exception.</summary>
    public OrleansException(string message) : base(message) { }

    /// <summary>Makes an exception.</summary>
    public OrleansException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A request was refused before it ran.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message) : base(message) { }
}

/// <summary>The silo that should answer is gone or stopping. Whether a request sent to it ran is unknown.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Makes an exception.</summary>
    public SiloUnavailableException(string msg) : base(msg) { }
}
