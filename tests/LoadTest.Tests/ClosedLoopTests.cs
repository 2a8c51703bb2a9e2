namespace Gongji.LoadTest.Tests;

public sealed class ClosedLoopTests
{
    /// <summary>An upload can be arbitrarily long; it must not run on beside the measurement of the next scenario.</summary>
    [Fact]
    public async Task Operation_that_goes_on_for_long_ends_when_the_loop_is_stopped()
    {
        EndlessLoad load = new();
        ClosedLoop loop = new(load, callers: 3, new Recorder(TimeProvider.System, countsByStart: false), TimeProvider.System);
        loop.Start();
        await load.AllStarted;

        Assert.Equal(0, await loop.StopAsync());
        Assert.Equal(3, load.EndedCount);
    }

    private sealed class EndlessLoad : ILoad
    {
        private readonly TaskCompletionSource _allStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _started;
        private int _ended;

        public Task AllStarted => _allStarted.Task;

        public int EndedCount => _ended;

        public async Task<string?> RunOnceAsync(LoadWorker worker)
        {
            if (Interlocked.Increment(ref _started) == 3)
            {
                _allStarted.SetResult();
            }

            while (!worker.IsStopping)
            {
                await Task.Yield();
            }

            Interlocked.Increment(ref _ended);
            return ILoad.AlreadyRecorded;
        }
    }
}
