namespace Gongji.LocalRuntime.Engine;

/// <summary>Runs code that may fail and is not the runtime's own.</summary>
internal static class Attempt
{
    /// <summary>The exception with which it failed, or null.</summary>
    internal static async Task<Exception?> RunAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
