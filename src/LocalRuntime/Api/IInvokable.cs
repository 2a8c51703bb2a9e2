namespace Orleans.Serialization.Invocation;

/// <summary>A request's method and arguments.</summary>
public interface IInvokable
{
    /// <summary>Gets the number of arguments.</summary>
    int GetArgumentCount();

    /// <summary>Gets an argument.</summary>
    object? GetArgument(int index);
}
