namespace Gongji.LoadTest;

/// <summary>What a scenario does again and again.</summary>
internal interface ILoad
{
    /// <summary>The load has told the recorder itself what it did.</summary>
    const string AlreadyRecorded = "";

    /// <summary>Does one operation; ends when it is done and durable.</summary>
    /// <param name="worker">Who asks. One worker does one thing at a time.</param>
    /// <returns>Null when it was done; <see cref="AlreadyRecorded"/>; otherwise why not, in a few words.</returns>
    Task<string?> RunOnceAsync(LoadWorker worker);
}
