using System.Globalization;
using System.Net;

namespace Gongji.LoadTest;

/// <summary>
/// Movements on a running server, one per request. A caller without an answer, or with one that says to ask again, repeats the request under the same id. The mix, mostly
/// transfers and then draws, is our assumption: no public source describes a peak transfer day.
/// </summary>
internal sealed class RemoteLoad(RemoteServer server, RemotePeople people, bool onlyTransfers, TimeProvider time) : ILoad
{
    private const string Transfer = "transfer";
    private const string Draw = "draw";
    private const string Payment = "payment";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(BenchLimits.AskAgainSeconds);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(BenchLimits.AskAgainMs);

    /// <summary>The kinds of movements, each with its cumulative share.</summary>
    private static readonly (string Kind, double UpTo)[] Mix = [(Transfer, 0.5), (Draw, 0.8), (Payment, 1)];

    /// <summary>A recorder for each kind.</summary>
    public IReadOnlyDictionary<string, Recorder> Kinds { get; } =
        Mix.Where(kind => !onlyTransfers || kind.Kind == Transfer).ToDictionary(kind => kind.Kind, _ => new Recorder(time, countsByStart: false));

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        double share = worker.Chance.NextShare();
        string kind = onlyTransfers ? Transfer : Mix.First(each => share < each.UpTo).Kind;
        int pair = worker.Chance.Next(people.Pairs);
        (string path, string body) = RequestOf(kind, worker.Chance.NextId(time.GetUtcNow()), pair, worker.Chance);
        long started = time.GetTimestamp();
        string? refusal = await AskAsync(path, body, worker);
        Kinds[kind].Record(started, refusal);
        return refusal is null ? null : $"{kind}: {refusal}";
    }

    private async Task<string?> AskAsync(string path, string body, LoadWorker worker)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            string? refusal;
            bool isOpen;
            try
            {
                (HttpStatusCode status, string? problem) = await server.SendAsync(HttpMethod.Post, path, body, CancellationToken.None);
                refusal = status is HttpStatusCode.Created or HttpStatusCode.OK ? null : $"{(int)status} {problem}";
                isOpen = status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                (refusal, isOpen) = ("no answer", true);
            }

            if (!isOpen || worker.IsStopping || time.GetElapsedTime(started) > Patience)
            {
                return refusal;
            }

            await Task.Delay(Pause, time);
        }
    }

    private static (string Path, string Body) RequestOf(string kind, Guid id, int pair, Chance chance)
    {
        string giver = RemotePeople.NameOf(RemotePeople.GiverOf(pair));
        string recipient = RemotePeople.NameOf(RemotePeople.RecipientOf(pair));
        int fen = 1 + chance.Next(BenchLimits.RemoteFenMax);
        return kind switch
        {
            Transfer => ("/v1/transfers", string.Create(
                CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"payer\":\"{giver}\",\"payee\":\"{recipient}\",\"source\":\"personal\",\"amountFen\":{fen},\"kinship\":\"parent\"}}")),
            _ => ("/v1/payments", string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"{id}\",\"person\":\"{recipient}\",\"institution\":\"H32050000001\",\"amountFen\":{fen},\"sources\":[\"{(kind == Draw ? "relatives" : "personal")}\"]}}")),
        };
    }
}
