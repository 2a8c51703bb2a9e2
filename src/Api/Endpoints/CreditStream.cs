using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Grains.Messages;

namespace Gongji.Api.Endpoints;

/// <summary>
/// One stream of credits: three loops at once. The first reads lines and starts each one's credit; the second takes the answers in the
/// lines' order; the third sends them. What is in flight, and what waits to be read by the caller, is bounded, so a stream of any length
/// takes the same memory.
/// </summary>
internal sealed class CreditStream(HttpContext http, IGrainFactory grains, ILogger<CreditStream> logger)
{
    /// <summary>What a stream of lines may call itself; the first is what answers are.</summary>
    public static readonly string[] MediaTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

    private readonly Channel<Task<LineAnswer>> _inFlight = Channel.CreateBounded<Task<LineAnswer>>(
        new BoundedChannelOptions(ApiLimits.LinesInFlightMax) { SingleReader = true, SingleWriter = true });

    private readonly Pipe _answers = new(new PipeOptions(
        pauseWriterThreshold: ApiLimits.AnswerBytesWaitingMax, resumeWriterThreshold: ApiLimits.AnswerBytesWaitingMax / 2));

    public async Task RunAsync()
    {
        http.Response.ContentType = MediaTypes[0];
        await http.Response.StartAsync(http.RequestAborted);
        await Task.WhenAll(ReadLinesAsync(), CollectAsync(), SendAsync());
    }

    /// <summary>Reads the request line by line; ends when it ends, or when the caller leaves.</summary>
    private async Task ReadLinesAsync()
    {
        LineReader lines = new(http.Request.BodyReader, ApiLimits.LineBytesMax);
        try
        {
            while (await lines.ReadAsync(http.RequestAborted) is { } line)
            {
                if (!line.IsBlank)
                {
                    await _inFlight.Writer.WriteAsync(Start(line), http.RequestAborted);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has left, or its last chunk was broken: what was read is credited, nobody is there to be told more.
        }
        finally
        {
            _inFlight.Writer.Complete();
        }
    }

    /// <summary>Takes answers in order; credits that were started are awaited even if nobody reads any more.</summary>
    private async Task CollectAsync()
    {
        try
        {
            await foreach (Task<LineAnswer> answer in _inFlight.Reader.ReadAllAsync(CancellationToken.None))
            {
                Write(await answer);
                if (!_inFlight.Reader.TryPeek(out Task<LineAnswer>? next) || !next.IsCompleted)
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
            // The caller has left. What waits is dropped, so that the other loops can end.
        }
        finally
        {
            await _answers.Reader.CompleteAsync();
        }
    }

    private Task<LineAnswer> Start(Line line)
    {
        if (line.IsTooLong)
        {
            return Task.FromResult(Failed(line.Number, null, ProblemAnswer.TooLarge($"The line is over {ApiLimits.LineBytesMax} bytes.")));
        }

        Parsed<CreditLine> parsed = RequestBody.Parse(line.Content, ApiJson.Shared.CreditLine);
        if (parsed.Value is not { } credit)
        {
            return Task.FromResult(Failed(line.Number, null, parsed.Problem as ProblemAnswer));
        }

        FieldChecks checks = new();
        string person = checks.Person("person", credit.Person);
        CreditPerson command = new(checks.Id("id", credit.Id), checks.Amount("amountFen", credit.AmountFen), checks.Month("period", credit.Period));
        return checks.Failed(out ProblemAnswer? problem)
            ? Task.FromResult(Failed(line.Number, credit.Id, problem))
            : CreditAsync(line.Number, person, command);
    }

    private async Task<LineAnswer> CreditAsync(long line, string person, CreditPerson command)
    {
        try
        {
            Reply<CreditView> reply = await CreditEndpoints.CreditAsync(grains, person, command);
            return reply.IsRefused
                ? Failed(line, command.Id, ProblemAnswer.Refused(reply.Refusal))
                : new LineAnswer { Line = line, Id = command.Id, Status = StatusCodes.Status201Created, Replay = reply.IsReplay };
        }
        catch (Exception exception)
        {
            // A bug in one line must not stop the lines around it.
            logger.RequestFailed(exception, http.TraceIdentifier);
            return Failed(line, command.Id, ProblemAnswer.InternalError());
        }
    }

    private LineAnswer Failed(long line, Guid? id, ProblemAnswer? answer)
    {
        Problem? problem = answer?.ToProblem(http);
        return new LineAnswer
        {
            Line = line,
            Id = id,
            Status = problem?.Status ?? StatusCodes.Status400BadRequest,
            Code = problem?.Code ?? ProblemCodes.Malformed,
            Detail = problem?.Detail,
        };
    }

    private void Write(LineAnswer answer)
    {
        using (Utf8JsonWriter writer = new(_answers.Writer, new JsonWriterOptions { Encoder = ApiJson.Shared.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, answer, ApiJson.Shared.LineAnswer);
        }

        _answers.Writer.Write("\n"u8);
    }
}
