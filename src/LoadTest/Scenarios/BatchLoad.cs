using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Gongji.LoadTest;

/// <summary>
/// Transfers as lines of NDJSON batches. An operation of a caller is a whole batch here, so the load records each line itself when its answer is
/// read; the line's latency counts from when the batch was sent.
/// </summary>
internal sealed class BatchLoad(HttpClient client, Uri endpoint, IPairs pairs, Recorder recorder, TimeProvider time) : ILoad
{
    private static readonly MediaTypeHeaderValue NdJson = new("application/x-ndjson");

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        StringBuilder lines = new();
        for (int i = 0; i < BenchLimits.LinesPerBatch; i++)
        {
            (int payer, int payee) = pairs.Next(worker.Chance);
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{{\"op\":\"transfer\",\"id\":\"{worker.Chance.NextId(time.GetUtcNow())}\",\"payer\":\"{Population.NameOf(payer)}\",\"payee\":\"{Population.NameOf(payee)}\",\"source\":\"personal\",\"amountFen\":{BenchLimits.AmountFen},\"kinship\":\"parent\"}}\n");
        }

        long started = time.GetTimestamp();
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(lines.ToString()));
        content.Headers.ContentType = NdJson;
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint) { Content = content };
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
        }

        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            recorder.Record(started, line.Contains("\"settled\"", StringComparison.Ordinal) ? null : line[..Math.Min(line.Length, 120)]);
        }

        return ILoad.AlreadyRecorded;
    }
}
