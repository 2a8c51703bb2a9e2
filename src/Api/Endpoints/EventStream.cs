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

/// <summary>Whose events a reader wants.</summary>
/// <param name="Region">Of persons insured there; null for all.</param>
/// <param name="Province">Of persons insured in a region of it; null for all.</param>
/// <param name="Scope">Of persons insured in regions of these provinces.</param>
internal readonly record struct EventFilter(RegionCode? Region, int? Province, ProvinceSet Scope)
{
    public bool Lets(RegionCode? insuredIn) => (Region is null || Region == insuredIn) && (Province is null || Province == insuredIn?.Province)
        && (Scope.IsNation || (insuredIn is { } region && Scope.Has(region.Province)));
}

/// <summary>
/// One reader of events. It reads a page of the ledger, sends it, and only then reads the next: a reader who is slow makes the stream wait, and
/// costs a page of memory, however far behind.
/// </summary>
internal sealed class EventStream(HttpResponse response, EventReaders readers, LedgerReader reader, EventFilter filter, TimeProvider clock) : IAsyncDisposable
{
    public const string MediaType = "text/event-stream";

    private readonly PipeWriter _body = response.BodyWriter;
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = ApiJson.Shared.Options.Encoder, SkipValidation = true });
    private LedgerCursor _told = reader.Cursor;
    private long _lastSent = clock.GetTimestamp();

    /// <summary>Sends what is there and what comes, until the reader leaves or the process stops.</summary>
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
                // Newer heads that have come meanwhile; with none, the page of before goes on.
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
            // The reader has left, or the process stops. Whoever comes back goes on after the last event that arrived.
        }
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    /// <summary>Sends the next page; false when there is none yet, and the next news must be waited for.</summary>
    private async Task<bool> TrySendAsync(LedgerNews news, CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEvent> events;
        try
        {
            events = await readers.ReadAsync(reader, news, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The ledger is away; the stream stays, and goes on when it is back.
            await BeatAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(StorageLimits.FeedPollMs), clock, cancellationToken);
            return true;
        }

        foreach (LedgerEvent item in events)
        {
            // Entries of the clearing are nobody's: they have their own answers.
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

    /// <summary>Says that the stream is alive when nothing was sent for a while, and where it is when the filter has left events out.</summary>
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

    /// <summary>Waits for the reader when more is on its way than should be.</summary>
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
