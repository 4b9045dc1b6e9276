using System.Net;
using System.Net.Sockets;
using AiPlatform.Storage.Outbound;
using Xunit;

namespace AiPlatform.Storage.Tests.Outbound;

public sealed class GuardedConnectTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.1.2")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.1.1.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    public void Contains_AddressesThatAreNotPublic(string address) => Assert.True(InternalAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void Contains_NoPublicAddress(string address) => Assert.False(InternalAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    public async Task Connect_InternalAddress_IsRefusedBeforeAnyPacket(string url)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpMessageInvoker(new GuardedConnect(allowInternal: false).CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Format(null, url, ((IPEndPoint)listener.LocalEndpoint).Port));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));

        Assert.IsType<InternalAddressException>(failure.InnerException);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Connect_NameOfInternalAddresses_IsRefused()
    {
        using var http = new HttpMessageInvoker(new GuardedConnect(allowInternal: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback])).CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://login.example/");

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));

        Assert.IsType<InternalAddressException>(failure.InnerException);
    }

    [Fact]
    public async Task Connect_AllowedInternal_GoesToTheAddressThatWasResolved()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpMessageInvoker(new GuardedConnect(allowInternal: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])).CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://login.example:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        using var ended = new CancellationTokenSource();

        var sending = http.SendAsync(request, ended.Token);
        using var accepted = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}
