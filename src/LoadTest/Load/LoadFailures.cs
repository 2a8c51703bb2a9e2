namespace Gongji.LoadTest;

/// <summary>Runs an operation. One that throws is counted as not done, and does not end its caller.</summary>
internal static class LoadFailures
{
    public static async Task<string?> RunAsync(ILoad load, LoadWorker worker)
    {
        try
        {
            return await load.RunOnceAsync(worker);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{failure.GetType().Name}: {failure.Message}";
        }
    }
}
