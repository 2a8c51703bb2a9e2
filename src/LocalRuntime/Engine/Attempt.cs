namespace Gongji.LocalRuntime.Engine;

/// <summary>Runs code of others that may fail.</summary>
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
