using System.Collections.Concurrent;
using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Storage.Tests;

/// <summary>The journal on one thread with virtual time, as the simulator runs it.</summary>
public sealed class JournalDeterminismTests
{
    [Fact]
    public void Journal_on_a_single_threaded_scheduler_never_leaves_it_and_repeats_exactly()
    {
        // Continuations would capture xunit's own context instead of the scheduler.
        SynchronizationContext? xunit = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        List<string> first;
        List<string> second;
        try
        {
            (first, second) = (Run(), Run());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(xunit);
        }

        Assert.Equal(first, second);
        Assert.Contains(first, line => line.Contains("Durable", StringComparison.Ordinal));
        Assert.Contains(first, line => line.Contains("Stale", StringComparison.Ordinal));
        Assert.Contains(first, line => line.Contains("Unavailable", StringComparison.Ordinal));
    }

    private static List<string> Run()
    {
        List<string> trace = [];
        FakeClock clock = new();
        ScriptedStore store = new();
        store.WriteElsewhere(new Book("p3").Register(Book.Id(-1)));
        Faults(store);
        PumpScheduler scheduler = new();
        Task all = scheduler.Start(async () =>
        {
            await using Journal journal = new(store, new JournalOptions { Writer = "sim", Partitions = 3 }, clock, NullLogger<Journal>.Instance);
            await journal.StartAsync(default);
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ProduceAsync(journal, new Book($"p{i}"), i, trace)));
            await journal.StopAsync(default);
        });
        while (!all.IsCompleted)
        {
            // Time moves only when nothing else can run.
            if (!scheduler.RunAll())
            {
                Assert.True(clock.PendingTimers > 0, "Nothing to run and no timer: something waits on another thread.");
                clock.Advance(TimeSpan.FromMilliseconds(5));
            }
        }

        all.GetAwaiter().GetResult();
        Assert.Equal([Environment.CurrentManagedThreadId], scheduler.Threads);
        trace.AddRange(store.Attempts.Select(batch => Convert.ToHexString(batch.Hash)));
        return trace;
    }

    private static void Faults(ScriptedStore store)
    {
        Random random = new(7);
        Fault[] faults = [Fault.None, Fault.None, Fault.Unavailable, Fault.UnknownWritten, Fault.UnknownLost, Fault.VanishingConflict];
        store.Next([.. Enumerable.Range(0, 150).Select(_ => faults[random.Next(faults.Length)])]);
        store.Next([.. Enumerable.Repeat(Fault.Unavailable, 30)]);
    }

    private static async Task ProduceAsync(Journal journal, Book book, int number, List<string> trace)
    {
        for (int i = 0; i < 40; i++)
        {
            Guid operation = Book.Id(number * 1_000 + i);
            if (!journal.TryAppend(book.Writer, i == 0 ? book.Register(operation) : book.Credit(1, operation), out Task<AppendOutcome> durable, out AppendOutcome refusal))
            {
                trace.Add($"{book.Account} {i} refused {refusal}");
                return;
            }

            trace.Add($"{book.Account} {i} {await durable}");
        }
    }

    /// <summary>A task scheduler that runs tasks on the thread that pumps it.</summary>
    private sealed class PumpScheduler : TaskScheduler
    {
        private readonly ConcurrentQueue<Task> _tasks = new();
        private readonly HashSet<int> _threads = [];

        public IEnumerable<int> Threads => _threads;

        public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

        public bool RunAll()
        {
            bool ran = false;
            while (_tasks.TryDequeue(out Task? task))
            {
                _threads.Add(Environment.CurrentManagedThreadId);
                TryExecuteTask(task);
                ran = true;
            }

            return ran;
        }

        protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

        protected override void QueueTask(Task task) => _tasks.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
    }
}
