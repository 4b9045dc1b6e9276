using System.Net;

namespace AiPlatform.Contracts.Tests.Changes;

/// <summary>Lets the first write over a head through and loses its answer, after something else was done.</summary>
internal sealed class AnswerLoser : DelegatingHandler
{
    public Func<Task> BehindLostHead { get; set; } = () => Task.CompletedTask;

    public bool HasLost { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (HasLost || request.Method != HttpMethod.Put || !request.RequestUri!.AbsolutePath.Contains("head.", StringComparison.Ordinal))
        {
            return answer;
        }

        HasLost = true;
        answer.Dispose();
        await BehindLostHead();
        return new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("cut") };
    }
}
