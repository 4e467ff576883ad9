using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Analytics.Http;

/// <summary>Writes answers as JSON, under the route's names.</summary>
sealed class JsonAnswers : TextOutputFormatter
{
    public JsonAnswers()
    {
        SupportedEncodings.Add(Encoding.UTF8);
        SupportedMediaTypes.Add("application/json");
    }

    public override Task WriteResponseBodyAsync(OutputFormatterWriteContext context, Encoding selectedEncoding) =>
        WriteAsync(context.HttpContext, context.Object, Naming.Of(context.HttpContext).Json);

    /// <summary>Writes a body. A small one says how long it is; a large one leaves while it is made.</summary>
    public static async Task WriteAsync(HttpContext http, object? answer, JsonSerializerOptions options)
    {
        var body = new SmallFirst(http.Response.BodyWriter);
        await JsonSerializer.SerializeAsync(body, answer, answer?.GetType() ?? typeof(object), options, http.RequestAborted);
        if (!http.Response.HasStarted)
            http.Response.ContentLength = body.Written;
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>Keeps the first bytes back, as long as they may be all.</summary>
    sealed class SmallFirst(PipeWriter body) : PipeWriter
    {
        const int MaxKept = 64 * 1024;
        long kept;

        public long Written { get; private set; }

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => Written - kept;

        public override Memory<byte> GetMemory(int sizeHint = 0) => body.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => body.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            body.Advance(bytes);
            Written += bytes;
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            kept = Written;
            return Written <= MaxKept ? default : body.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => body.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => body.Complete(exception);
    }
}
