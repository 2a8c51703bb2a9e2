using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Endpoints;

/// <summary>Which events a reader wants.</summary>
/// <param name="Region">Only events of persons insured in this region; null for all.</param>
/// <param name="Province">Only events of persons insured in a region of this province; null for all.</param>
/// <param name="Scope">Only events of persons insured in regions of these provinces, which are the caller's.</param>
internal readonly record struct EventFilter(RegionCode? Region, int? Province, ProvinceSet Scope)
{
    public bool Lets(RegionCode? insuredIn) => (Region is null || Region == insuredIn) && (Province is null || Province == insuredIn?.Province)
        && (Scope.IsNation || (insuredIn is { } region && Scope.Has(region.Province)));
}

/// <summary>
/// The event stream of one reader. It reads a page of the ledger, sends it, and only then reads the next. A slow reader slows only its own stream
/// and costs one page of memory, however far behind it is.
/// </summary>
internal sealed class EventStream(HttpResponse response, EventReaders readers, LedgerReader reader, EventFilter filter, TimeProvider clock) : IAsyncDisposable
{
    public const string MediaType = "text/event-stream";

    private readonly PipeWriter _body = response.BodyWriter;
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = ApiJson.Shared.Options.Encoder, SkipValidation = true });
    private LedgerCursor _told = reader.Cursor;
    private long _lastSent = clock.GetTimestamp();

    /// <summary>Sends the entries that are there, then new ones as they come, until the reader leaves or the process stops.</summary>
    public async Task RunAsync(LedgerNews news, CancellationToken cancellationToken)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await response.StartAsync(cancellationToken);
            await CommentAsync(cancellationToken);
            while (true)
            {
                // Catches up with the newest heads. When there are none, the next page continues from the last one.
                while (news.Next.IsCompleted)
                {
                    news = await news.Next;
                }

                if (!await TrySendAsync(news, cancellationToken))
                {
                    news = await WaitAsync(news, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The reader has left, or the process stops. A reader who reconnects continues after the last event it received.
        }
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    /// <summary>Sends the next page. Returns false when there is none yet and the stream must wait for news.</summary>
    private async Task<bool> TrySendAsync(LedgerNews news, CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEvent> events;
        try
        {
            events = await readers.ReadAsync(reader, news, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The ledger is unavailable. The stream stays open and continues when the ledger is back.
            await BeatAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(StorageLimits.FeedPollMs), clock, cancellationToken);
            return true;
        }

        foreach (LedgerEvent item in events)
        {
            // Entries of the clearing belong to no person; the clearing has its own endpoints.
            if (!ClearingAccounts.Is(item.Entry.Account) && filter.Lets(item.Region))
            {
                Write(item);
                if (_body.UnflushedBytes >= ApiLimits.EventBytesWaitingMax)
                {
                    await FlushAsync(cancellationToken);
                }
            }
        }

        if (_body.UnflushedBytes > 0)
        {
            await FlushAsync(cancellationToken);
        }
        else
        {
            await BeatAsync(cancellationToken);
        }

        return events.Count > 0;
    }

    private async Task<LedgerNews> WaitAsync(LedgerNews news, CancellationToken cancellationToken)
    {
        TimeSpan left = ApiLimits.HeartbeatInterval - clock.GetElapsedTime(_lastSent);
        try
        {
            return await news.Next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            await BeatAsync(cancellationToken);
            return news;
        }
    }

    /// <summary>When nothing was sent for a while, shows that the stream is alive; when the filter dropped events, also sends the cursor after them.</summary>
    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(_lastSent) < ApiLimits.HeartbeatInterval)
        {
            return;
        }

        if (!ReferenceEquals(_told, reader.Cursor))
        {
            _told = reader.Cursor;
            WriteText($"id: {_told}\n\n");
        }

        await CommentAsync(cancellationToken);
    }

    private Task CommentAsync(CancellationToken cancellationToken)
    {
        _body.Write(":\n\n"u8);
        return FlushAsync(cancellationToken);
    }

    private void Write(LedgerEvent item)
    {
        _told = item.After;
        WriteText($"id: {item.After}\ndata: ");
        EntryAnswer entry = PersonEndpoints.Write(item.Entry, item.Payment);
        _json.Reset();
        JsonSerializer.Serialize(
            _json,
            new EventAnswer
            {
                Person = item.Entry.Account,
                Region = item.Region?.ToString(),
                Version = entry.Version,
                Id = entry.Id,
                Payment = entry.Payment,
                Kind = entry.Kind,
                Amounts = entry.Amounts,
                Balances = entry.Balances,
                At = entry.At,
            },
            ApiJson.Shared.EventAnswer);
        _body.Write("\n\n"u8);
    }

    private void WriteText(string ascii) => Encoding.ASCII.GetBytes(ascii, _body);

    /// <summary>Sends the buffered bytes. Waits for the reader when it takes them too slowly.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        FlushResult flushed = await _body.FlushAsync(cancellationToken);
        _lastSent = clock.GetTimestamp();
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The reader has left.");
        }
    }
}
