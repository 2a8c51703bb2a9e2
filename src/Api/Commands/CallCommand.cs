using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Client;

namespace Gongji.Api.Commands;

/// <summary><c>call</c>: signs one call, sends it and prints the response.</summary>
internal static class CallCommand
{
    private const int StatusFailed = 400;

    private static readonly Argument<string> Method = new("METHOD") { Description = "GET, PUT, POST or DELETE." };

    private static readonly Argument<string> PathAndQuery = new("PATH") { Description = "Path and query, e.g. /v1/regions/320500." };

    private static readonly Option<string> Data = new("--data") { Description = "The body: JSON, or @FILE for a file's content.", HelpName = "JSON|@FILE" };

    private static readonly Option<string> MediaType = new("--type")
    {
        Description = "The body's media type.",
        HelpName = "TYPE",
        DefaultValueFactory = _ => "application/json",
    };

    private static readonly Option<string> Url = new("--url") { Description = "The server.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080" };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "The key to sign with: JSON with keyId, and secret (base64) or privateKey (PEM). By default the development key of a server started here.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine("data", DevelopmentGateway.FileName),
    };

    public static Command Create()
    {
        Command command = new("call", "Signs one call, sends it, prints status, whether it was a repeat, and body; exits 1 when it was refused.") { Method, PathAndQuery, Data, MediaType, Url, Key };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(PathAndQuery);
        if (!Uri.TryCreate(parsed.GetRequiredValue(Url), UriKind.Absolute, out Uri? server) || !path.StartsWith('/'))
        {
            await Console.Error.WriteLineAsync("--url must be an address like http://127.0.0.1:8080, and PATH begin with /.");
            return ExitCodes.CannotStart;
        }

        string keyFile = parsed.GetRequiredValue(Key);
        try
        {
            using HttpContent? content = ContentOf(parsed);
            if (!File.Exists(keyFile))
            {
                await Console.Error.WriteLineAsync(
                    $"Could not find the key {keyFile}: a server without --gateways makes one in its data directory when it starts; --key FILE names another.");
                return ExitCodes.CannotStart;
            }

            using GatewayKey key = await GatewayKey.LoadAsync(keyFile, cancellationToken);
            using HttpClient http = new(new SigningHandler(new RequestSigner(key, TimeProvider.System), new SocketsHttpHandler { UseProxy = false }));
            using HttpRequestMessage request = new(new HttpMethod(parsed.GetRequiredValue(Method).ToUpperInvariant()), new Uri($"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}{path}"));
            request.Content = content;
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            // The status goes to standard error, so that piped output holds the body alone.
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}"));
            if (response.Headers.TryGetValues(Answers.ReplayHeader, out IEnumerable<string>? replay))
            {
                await Console.Error.WriteLineAsync($"{Answers.ReplayHeader}: {string.Join(", ", replay)}");
            }

            await using Stream output = Console.OpenStandardOutput();
            await response.Content.CopyToAsync(output, cancellationToken);
            await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
            return (int)response.StatusCode < StatusFailed ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or SocketException or UnauthorizedAccessException or FormatException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.CannotStart;
        }
    }

    /// <exception cref="IOException">The body's file cannot be read; the message says which.</exception>
    /// <exception cref="FormatException">The media type is malformed.</exception>
    private static HttpContent? ContentOf(ParseResult parsed)
    {
        if (parsed.GetValue(Data) is not { } data)
        {
            return null;
        }

        string type = parsed.GetRequiredValue(MediaType);
        if (!MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? mediaType))
        {
            throw new FormatException($"--type '{type}' is not a media type: give one like application/x-ndjson.");
        }

        HttpContent content = data.StartsWith('@') ? new StreamContent(Open(data)) : new ByteArrayContent(Encoding.UTF8.GetBytes(data));
        content.Headers.ContentType = mediaType;
        return content;
    }

    private static FileStream Open(string data)
    {
        try
        {
            return File.OpenRead(data[1..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"--data {data}: {exception.Message}", exception);
        }
    }
}
