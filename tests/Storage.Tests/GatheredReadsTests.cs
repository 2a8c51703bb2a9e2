using System.Threading.Channels;

namespace Gongji.Storage.Tests;

/// <summary>Concurrent requests are read together, and no caller gets another's result or is harmed by another's request.</summary>
public sealed class GatheredReadsTests
{
    private readonly Channel<Query> _queries = Channel.CreateUnbounded<Query>();

    [Fact]
    public async Task Who_is_alone_does_not_wait_and_who_comes_meanwhile_is_read_together()
    {
        GatheredReads<int, string> reads = new(queriesMax: 1, keysMax: 2, ReadAsync);

        Task<string>[] asked = [.. Enumerable.Range(1, 4).Select(key => reads.ReadAsync(key, default))];
        List<IReadOnlyList<int>> keys = [];
        for (int i = 0; i < 3; i++)
        {
            Query query = await _queries.Reader.ReadAsync();
            Assert.Equal(0, _queries.Reader.Count);
            keys.Add(query.Keys);
            query.Answer();
        }

        Assert.Equal(["1", "2", "3", "4"], await Task.WhenAll(asked));
        Assert.Equal([[1], [2, 3], [4]], keys);
    }

    [Fact]
    public async Task Queries_end_in_any_order_and_a_read_begins_after_it_was_asked_for()
    {
        GatheredReads<int, string> reads = new(queriesMax: 2, keysMax: 8, ReadAsync);
        Task<string>[] asked = [.. Enumerable.Range(1, 3).Select(key => reads.ReadAsync(key, default))];
        Query first = await _queries.Reader.ReadAsync();
        Query second = await _queries.Reader.ReadAsync();
        Assert.Equal(0, _queries.Reader.Count);

        second.Answer();
        Query third = await _queries.Reader.ReadAsync();
        Task<string> again = reads.ReadAsync(3, default);
        third.Answer();
        Query fourth = await _queries.Reader.ReadAsync();
        Assert.Equal("3", await asked[2]);
        Assert.False(again.IsCompleted);
        fourth.Answer();
        Assert.Equal("3", await again);
        Assert.False(asked[0].IsCompleted);
        first.Answer();
        Assert.Equal("1", await asked[0]);
    }

    [Fact]
    public async Task One_that_cannot_be_read_fails_alone()
    {
        GatheredReads<int, string> reads = new(queriesMax: 1, keysMax: 8, ReadAsync);
        Task<string>[] asked = [.. Enumerable.Range(1, 4).Select(key => reads.ReadAsync(key, default))];

        foreach (int[] keys in (int[][])[[1], [2, 3, 4], [2], [3], [4]])
        {
            Query query = await _queries.Reader.ReadAsync();
            Assert.Equal(keys, query.Keys);
            if (keys.Contains(3))
            {
                query.Fail(new FormatException("3"));
            }
            else
            {
                query.Answer();
            }
        }

        Assert.Equal(["1", "2", "4"], await Task.WhenAll(asked[0], asked[1], asked[3]));
        await Assert.ThrowsAsync<FormatException>(() => asked[2]);
    }

    [Fact]
    public async Task Query_without_memory_for_it_leaves_nobody_waiting()
    {
        GatheredReads<int, string> reads = new(queriesMax: 1, keysMax: 8, ReadAsync);
        Task<string>[] asked = [.. Enumerable.Range(1, 3).Select(key => reads.ReadAsync(key, default))];
        (await _queries.Reader.ReadAsync()).Answer();

        (await _queries.Reader.ReadAsync()).Fail(new InsufficientMemoryException());
        (await _queries.Reader.ReadAsync()).Answer();
        (await _queries.Reader.ReadAsync()).Answer();

        Assert.Equal(["1", "2", "3"], await Task.WhenAll(asked));
    }

    [Fact]
    public async Task Store_that_is_away_fails_a_query_once_for_all_and_the_next_is_asked_anew()
    {
        GatheredReads<int, string> reads = new(queriesMax: 1, keysMax: 8, ReadAsync);
        Task<string>[] asked = [.. Enumerable.Range(1, 3).Select(key => reads.ReadAsync(key, default))];
        (await _queries.Reader.ReadAsync()).Answer();

        (await _queries.Reader.ReadAsync()).Fail(new StoreUnavailableException("away"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked[1]);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked[2]);
        Task<string> later = reads.ReadAsync(2, default);
        (await _queries.Reader.ReadAsync()).Answer();
        Assert.Equal("2", await later);
        Assert.Equal(0, _queries.Reader.Count);
    }

    [Fact]
    public async Task Caller_who_gives_up_takes_nobody_along()
    {
        using CancellationTokenSource gaveUp = new();
        GatheredReads<int, string> reads = new(queriesMax: 1, keysMax: 8, ReadAsync);
        Task<string> impatient = reads.ReadAsync(1, gaveUp.Token);
        Task<string> patient = reads.ReadAsync(2, default);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        (await _queries.Reader.ReadAsync()).Answer();
        (await _queries.Reader.ReadAsync()).Answer();

        Assert.Equal("2", await patient);
    }

    private Task<IReadOnlyList<string>> ReadAsync(IReadOnlyList<int> keys)
    {
        Query query = new(keys);
        Assert.True(_queries.Writer.TryWrite(query));
        return query.Values;
    }

    /// <summary>A query in flight, which the test completes.</summary>
    private sealed class Query(IReadOnlyList<int> keys)
    {
        private readonly TaskCompletionSource<IReadOnlyList<string>> _values = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Keys => keys;

        public Task<IReadOnlyList<string>> Values => _values.Task;

        public void Answer() => _values.SetResult([.. keys.Select(key => $"{key}")]);

        public void Fail(Exception exception) => _values.SetException(exception);
    }
}
