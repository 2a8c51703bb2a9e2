using System.Text.Json;
using Gongji.Storage;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Gongji.Silo;

/// <summary>
/// Stores grain state that is not money next to the ledger, where ADO.NET persistence is not available: on the embedded store, and in a build without
/// Orleans. The state is JSON documents with ETags.
/// </summary>
internal sealed class SqlGrainStorage(ILedgerStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (byte[]? payload, string? etag) = await store.GrainState.ReadAsync(stateName, grainId.ToString(), CancellationToken.None);
        if (payload is null)
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
            return;
        }

        grainState.State = JsonSerializer.Deserialize<T>(payload) ?? Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (etag!, true);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
        string? etag = await store.GrainState.WriteAsync(stateName, grainId.ToString(), payload, grainState.ETag, CancellationToken.None)
            ?? throw Conflict(stateName, grainId, grainState.ETag);
        (grainState.ETag, grainState.RecordExists) = (etag, true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!await store.GrainState.ClearAsync(stateName, grainId.ToString(), grainState.ETag, CancellationToken.None))
        {
            throw Conflict(stateName, grainId, grainState.ETag);
        }

        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
    }

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? etag) =>
        new($"State {stateName} of {grainId} was written by another activation since ETag '{etag}' was read.");
}
