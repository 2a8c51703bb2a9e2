using Microsoft.Extensions.Logging;

namespace Gongji.Storage.Tests;

/// <summary>Work alongside the commits: one step at a time, and its exceptions reach nobody else.</summary>
public sealed class BackgroundStepTests : IAsyncLifetime
{
    private readonly List<(LogLevel Level, Exception Failure)> _told = [];
    private readonly BackgroundStep _work;

    public BackgroundStepTests() => _work = new BackgroundStep((level, failure) => _told.Add((level, failure)));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _work.DisposeAsync();

    [Fact]
    public async Task Step_while_another_one_is_under_way_is_not_begun()
    {
        TaskCompletionSource end = new();
        Assert.True(_work.TryStart(_ => end.Task));
        Assert.False(_work.TryStart(_ => throw new InvalidOperationException("scripted")));
        end.SetResult();
        await _work.Last;
        Assert.True(_work.TryStart(_ => Task.CompletedTask));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Steps_of_many_threads_at_once_are_one()
    {
        TaskCompletionSource end = new();
        int begun = 0;
        bool[] started = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => _work.TryStart(_ =>
        {
            Interlocked.Increment(ref begun);
            return end.Task;
        }))));
        end.SetResult();
        await _work.Last;

        Assert.Equal((1, 1), (begun, started.Count(isStarted => isStarted)));
    }

    [Fact]
    public async Task Failures_are_told_by_what_they_are_and_the_next_step_goes_on()
    {
        StoreUnavailableException unavailable = new("scripted");
        InvalidOperationException bug = new("scripted");
        foreach (Exception failure in new Exception[] { unavailable, unavailable, bug })
        {
            Assert.True(_work.TryStart(_ => throw failure));
            await _work.Last;
        }

        await _work.RunAsync(_ => Task.FromException(bug));

        Assert.Equal([(LogLevel.Warning, unavailable), (LogLevel.Debug, unavailable), (LogLevel.Error, bug), (LogLevel.Debug, bug)], _told);
    }

    [Fact]
    public async Task Disposal_ends_the_step_under_way_without_a_word_and_begins_none()
    {
        Assert.True(_work.TryStart(stop => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop)));
        await _work.DisposeAsync();
        await _work.DisposeAsync();

        Assert.True(_work.Last.IsCompletedSuccessfully);
        Assert.False(_work.TryStart(_ => Task.CompletedTask));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Disposal_of_what_is_told_a_failure_by_its_stop_does_not_throw()
    {
        Assert.True(_work.TryStart(async stop =>
        {
            TaskCompletionSource stopped = new();
            await using CancellationTokenRegistration registration = stop.Register(() =>
            {
                stopped.SetResult();
                throw new InvalidOperationException("scripted");
            });
            await stopped.Task;
        }));
        await _work.DisposeAsync();
    }
}
