using Gongji.Api.Http;
using Gongji.Silo;

namespace Gongji.Api.Hosting;

/// <summary>Bounds how long a stop takes. The host's own timeout only asks services to give up; one that carries on regardless keeps the process alive.</summary>
internal sealed class StopDeadline(IHostApplicationLifetime lifetime, JournalDrain journal, ApiOptions options, TimeProvider time)
{
    /// <summary>From the request to stop until the process stops waiting.</summary>
    public TimeSpan Bound { get; } = ApiLimits.ShutdownTimeout + options.DrainDelay + ApiLimits.StopGrace;

    /// <summary>Completes when a stop is overdue and the journal has drained or was given up. It never completes while nobody asks for a stop.</summary>
    /// <returns>What became of the journal, for the log.</returns>
    public async Task<string> PassAsync()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = lifetime.ApplicationStopping.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), asked);
        await asked.Task;
        await Task.Delay(Bound, time, CancellationToken.None);
        using CancellationTokenSource abandon = new(ApiLimits.JournalGrace, time);
        try
        {
            await journal.RunAsync(abandon.Token).WaitAsync(2 * ApiLimits.JournalGrace, time, CancellationToken.None);
            return "the journal has ended";
        }
        catch (TimeoutException)
        {
            return "the journal has not ended either";
        }
    }
}
