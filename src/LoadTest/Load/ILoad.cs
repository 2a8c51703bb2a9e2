namespace Gongji.LoadTest;

/// <summary>The operation that a scenario repeats.</summary>
internal interface ILoad
{
    /// <summary>Returned by a load that has recorded its operations itself.</summary>
    const string AlreadyRecorded = "";

    /// <summary>Does one operation; completes when it is done and durable.</summary>
    /// <param name="worker">The caller. A worker does one thing at a time.</param>
    /// <returns>Null when it was done; <see cref="AlreadyRecorded"/>; otherwise the reason why not, in a few words.</returns>
    Task<string?> RunOnceAsync(LoadWorker worker);
}
