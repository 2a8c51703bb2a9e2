using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Gongji.Simulation.Cluster;

/// <summary>Grain state in the simulated store, as JSON documents with ETags, like the product's own grain storage.</summary>
internal sealed class SimulatedGrainStorage(ILedgerStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (byte[]? payload, string? etag) = await store.GrainState.ReadAsync(stateName, grainId.ToString(), CancellationToken.None);
        grainState.State = payload is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(payload) ?? Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (etag!, payload is not null);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
        string etag = await store.GrainState.WriteAsync(stateName, grainId.ToString(), payload, grainState.ETag, CancellationToken.None)
            ?? throw new InconsistentStateException($"State {stateName} of {grainId} was written by another activation.");
        (grainState.ETag, grainState.RecordExists) = (etag, true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!await store.GrainState.ClearAsync(stateName, grainId.ToString(), grainState.ETag, CancellationToken.None))
        {
            throw new InconsistentStateException($"State {stateName} of {grainId} was written by another activation.");
        }

        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
    }
}
