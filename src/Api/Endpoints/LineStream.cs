using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Metrics;

namespace Gongji.Api.Endpoints;

/// <summary>
/// One stream of commands, one per line, in three concurrent loops. The first reads lines and starts their commands; the second collects the answers
/// in the order of the lines; the third sends them. Both the commands in flight and the answers that the caller has not read yet are bounded, so a
/// stream of any length takes the same memory.
/// </summary>
/// <param name="http">The request.</param>
/// <param name="commands">Reads lines as commands.</param>
/// <param name="slots">Bounds the lines in flight over all streams.</param>
/// <param name="logger">Logs bugs.</param>
internal sealed class LineStream(HttpContext http, LineCommands commands, LineSlots slots, ILogger<LineStream> logger)
{
    /// <summary>The media types that a stream of lines may have; answers use the first.</summary>
    public static readonly string[] MediaTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

    private readonly Channel<Task<LineResult>> _inFlight = Channel.CreateBounded<Task<LineResult>>(
        new BoundedChannelOptions(ApiLimits.LinesInFlightMax) { SingleReader = true, SingleWriter = true });

    private readonly LineOrder _order = new();

    private readonly Pipe _answers = new(new PipeOptions(
        pauseWriterThreshold: ApiLimits.AnswerBytesWaitingMax, resumeWriterThreshold: ApiLimits.AnswerBytesWaitingMax / 2));

    /// <summary>Answers a request whose body is lines; refuses any other body.</summary>
    public static async Task<IResult> AnswerAsync(HttpContext http, LineCommands commands, LineSlots slots, ILogger<LineStream> logger)
    {
        if (!RequestBody.HasMediaType(http.Request, MediaTypes, out ProblemAnswer? problem))
        {
            return problem;
        }

        await new LineStream(http, commands, slots, logger).RunAsync();
        return TypedResults.Empty;
    }

    private async Task RunAsync()
    {
        http.Response.ContentType = MediaTypes[0];
        await http.Response.StartAsync(http.RequestAborted);
        await Task.WhenAll(ReadLinesAsync(), CollectAsync(), SendAsync());
    }

    /// <summary>Reads the request line by line, until it ends or the caller leaves.</summary>
    private async Task ReadLinesAsync()
    {
        LineReader lines = new(http.Request.BodyReader, ApiLimits.LineBytesMax);
        try
        {
            while (await lines.ReadAsync(http.RequestAborted) is { } line)
            {
                if (!line.IsBlank)
                {
                    await _inFlight.Writer.WriteAsync(await StartAsync(line), http.RequestAborted);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has left, or its last chunk was malformed. The commands that were read are still done; nobody is left to be told more.
        }
        finally
        {
            _inFlight.Writer.Complete();
        }
    }

    /// <summary>Collects answers in order. Commands that were started are awaited even when nobody reads the answers any more.</summary>
    private async Task CollectAsync()
    {
        using Utf8JsonWriter json = new(_answers.Writer, new JsonWriterOptions { Encoder = ApiJson.Shared.Options.Encoder, SkipValidation = true });
        try
        {
            await foreach (Task<LineResult> answer in _inFlight.Reader.ReadAllAsync(CancellationToken.None))
            {
                LineResult result = await answer;
                json.Reset();
                JsonSerializer.Serialize(json, result.Content, result.Type);
                _answers.Writer.Write("\n"u8);
                if (!_inFlight.Reader.TryPeek(out Task<LineResult>? next) || !next.IsCompleted)
                {
                    await _answers.Writer.FlushAsync(CancellationToken.None);
                }
            }
        }
        finally
        {
            await _answers.Writer.CompleteAsync();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await _answers.Reader.CopyToAsync(http.Response.BodyWriter, http.RequestAborted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has left. Pending answers are dropped, so that the other loops can end.
        }
        finally
        {
            await _answers.Reader.CompleteAsync();
        }
    }

    /// <summary>Starts a line's command as soon as a slot is free.</summary>
    /// <returns>Completes when the command has started, with the task of its answer, which never fails.</returns>
    private async ValueTask<Task<LineResult>> StartAsync(Line line)
    {
        if (line.IsTooLong)
        {
            ProblemAnswer tooLong = ProblemAnswer.TooLarge($"This line is over {ApiLimits.LineBytesMax} bytes, which no command needs: see that every line ends with a line feed.");
            return Task.FromResult(Count(LineFields.NameOf(LineOp.Unknown), LineResult.Failed(http, line.Number, null, tooLong)));
        }

        LineCommand command;
        try
        {
            command = commands.Read(line.Content);
        }
        catch (Exception bug)
        {
            logger.RequestFailed(bug, TraceIds.Of(http));
            command = LineCommand.Bad(null, ProblemAnswer.InternalError());
        }

        if (command.Problem is { } problem)
        {
            return Task.FromResult(Count(command.Op, LineResult.Failed(http, line.Number, command.Id, problem)));
        }

        // This cannot deadlock: the lines that this one follows already have their slots.
        await slots.TakeAsync(http.RequestAborted);
        return command.By is null ? RunAsync(line.Number, command, Task.CompletedTask) : _order.Start(command, before => RunAsync(line.Number, command, before));
    }

    private async Task<LineResult> RunAsync(long line, LineCommand command, Task before)
    {
        try
        {
            await before;
            return Count(command.Op, await command.Run!(line));
        }
        catch (Exception exception)
        {
            // A bug in one line must not stop the lines around it.
            logger.RequestFailed(exception, TraceIds.Of(http));
            return Count(command.Op, LineResult.Failed(http, line, command.Id, ProblemAnswer.InternalError()));
        }
        finally
        {
            slots.Free();
        }
    }

    private static LineResult Count(string op, LineResult result)
    {
        ApiMetrics.LineAnswered(op, (result.Content as LineProblem)?.Code);
        return result;
    }
}
