using System.Text.Json;
using Analytics.Http;
using Analytics.Storage.Apps;
using static Analytics.Storage.Apps.AppFact;

namespace Analytics.Features.Ingestion;

/// <summary>What facts of apps must satisfy, a row a rule, with the facts that it is for.</summary>
static class AppRules
{
    public static readonly (string Title, AppFact[] Of, Action<AppDraft> Check)[] All =
    [
        ("bytes: an integer from 0 to 2^63 - 1", [Download], draft => draft.Amount = Bytes(draft, 0)),
        ("bytes: an integer of 64 bits", [StorageChange], draft => draft.Amount = Bytes(draft, long.MinValue)),
        ("viewerId: 1 to 255 characters", [View], draft => draft.Subject = Id(draft, AppMember.ViewerId)),
        ("deviceId: 1 to 255 characters, required", [Device], DeviceId),
        ("deviceId: 1 to 255 characters", [Download], draft => draft.Subject = Id(draft, AppMember.DeviceId)),
        ("timestamp: RFC 3339, from 2000 to five minutes from now", [View, Device, Download, StorageChange],
            draft => FactRules.Timestamp(draft, draft[AppMember.Timestamp])),
        ("externalId: 1 to 255 characters", [View, Download, StorageChange], draft => draft.ExternalId = Id(draft, AppMember.ExternalId)),
    ];

    static long Bytes(AppDraft draft, long least)
    {
        var slice = draft[AppMember.Bytes];
        if (slice.IsAbsent)
            draft.Refuse(AppMember.Bytes, Codes.Required, "bytes says how many.");
        else if (slice.Kind != JsonTokenType.Number)
            draft.Refuse(AppMember.Bytes, Codes.Type, "bytes is a number.");
        else if (JsonNumber.TryInteger(slice.In(draft.Body), out var bytes) && bytes >= least)
            return bytes;
        else
            draft.Refuse(AppMember.Bytes, Codes.Range, $"bytes is an integer from {least} to {long.MaxValue}.");
        return 0;
    }

    static void DeviceId(AppDraft draft)
    {
        if (draft[AppMember.DeviceId].IsAbsent)
            draft.Refuse(AppMember.DeviceId, Codes.Required, "A device has an id.");
        draft.Subject = Id(draft, AppMember.DeviceId);
    }

    static ReadOnlyMemory<byte> Id(AppDraft draft, AppMember member) =>
        FactRules.Id(draft, draft[member], AppDraft.Pointers[(int)member]);
}
